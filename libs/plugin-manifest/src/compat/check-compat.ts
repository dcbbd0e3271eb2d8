import type { Fault } from '@sluice/kernel';
import type { PluginManifest } from '../manifest';
import { versionFits } from './version-fits';

/** What there is. A part whose version is not given is not asked about: a gateway does not know its studio's. */
export interface PlatformVersions {
  app: string;
  gateway?: string;
  studio?: string;
  /** The APIs that plugins find here. */
  api: readonly string[];
}

/** Why a plugin does not fit this platform: `[]`, or a sentence for each reason with a pointer into the manifest. */
export function checkCompat({ compat }: Pick<PluginManifest, 'compat'>, here: PlatformVersions): Fault[] {
  const apis = here.api.length === 0 ? 'there is none here' : `here are ${here.api.join(', ')}`;
  return [
    ...missed('app', 'Sluice', compat.app, here.app),
    ...missed('min_gateway_version', 'a Sluice gateway', atLeast(compat.min_gateway_version), here.gateway),
    ...missed('min_studio_version', 'a Sluice studio', atLeast(compat.min_studio_version), here.studio),
    ...compat.api.flatMap((api, index) =>
      here.api.includes(api) ? [] : [{ pointer: `/compat/api/${index}`, message: `The plugin needs the API ${api}; ${apis}.` }],
    ),
  ];
}

function missed(key: string, what: string, range: string | undefined, version: string | undefined): Fault[] {
  if (range === undefined || version === undefined || versionFits(version, range)) return [];
  return [{ pointer: `/compat/${key}`, message: `The plugin needs ${what} ${range}; this is ${version}.` }];
}

function atLeast(version: string | undefined): string | undefined {
  return version === undefined ? undefined : `>=${version}`;
}
