import type { Fault } from '@sluice/kernel';
import type { PluginManifest } from '@sluice/plugin-manifest';
import { lt, satisfies } from 'semver';

/** Why a plugin does not fit this studio. What it asks of gateways, each gateway has to say for itself. */
export function checkCompat({ compat }: Pick<PluginManifest, 'compat'>, studioVersion: string): Fault[] {
  const faults: Fault[] = [];
  if (compat.app !== undefined && !satisfies(studioVersion, compat.app, { includePrerelease: true })) {
    faults.push({ pointer: '/manifest/compat/app', message: `The plugin is made for versions ${compat.app} of the platform; this is ${studioVersion}.` });
  }
  if (compat.min_studio_version !== undefined && lt(studioVersion, compat.min_studio_version)) {
    faults.push({ pointer: '/manifest/compat/min_studio_version', message: `The plugin needs a studio of version ${compat.min_studio_version} or later; this is ${studioVersion}.` });
  }
  return faults;
}
