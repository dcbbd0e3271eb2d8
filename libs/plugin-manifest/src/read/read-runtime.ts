import { type Hook } from '../hooks';
import type { ManifestCompat, ManifestRequirement, ManifestRuntime } from '../manifest';
import { pluginId, semanticVersion, versionRange } from '../rules/identifiers';
import type { ObjectReader } from './object-reader';

/** These answer requests, and a request does not wait for a process to start. */
const ALWAYS_EAGER: readonly Hook[] = ['pre_auth', 'auth', 'post_auth', 'on_response', 'custom_endpoint'];

/** How the process is run. */
export function readRuntime(manifest: ObjectReader, hooks: readonly Hook[]): ManifestRuntime {
  const reader = manifest.object('runtime');
  const resources = reader.object('resources');
  const limits = { memory_mb: resources.optionalCount('memory_mb'), pids: resources.optionalCount('pids'), nofile: resources.optionalCount('nofile'), cpu: resources.optionalAmount('cpu') };
  const asked = reader.oneOf('activation', ['eager', 'on_demand'], 'eager');
  const eager = ALWAYS_EAGER.find((hook) => hooks.includes(hook));
  if (asked === 'on_demand' && eager !== undefined) {
    reader.warn('activation', `Write "eager" here: a plugin with \`${eager}\` is always started at once.`);
  }
  const runtime: ManifestRuntime = {
    activation: eager === undefined ? asked : 'eager',
    ...defined({
      idle_timeout_ms: reader.optionalCount('idle_timeout_ms'),
      start_timeout_ms: reader.optionalCount('start_timeout_ms'),
      network: reader.optionalOneOf('network', ['none', 'host']),
    }),
    resources: { ...resources.unknown(), ...defined(limits) },
  };
  return { ...reader.unknown(), ...runtime };
}

/** Which platform versions the plugin fits. */
export function readCompat(manifest: ObjectReader): ManifestCompat {
  const reader = manifest.object('compat');
  const compat: ManifestCompat = {
    api: reader.texts('api'),
    ...defined({
      app: reader.optionalText('app', versionRange),
      min_gateway_version: reader.optionalText('min_gateway_version', semanticVersion),
      min_studio_version: reader.optionalText('min_studio_version', semanticVersion),
    }),
  };
  return { ...reader.unknown(), ...compat };
}

/** Which other plugins it needs. */
export function readRequires(manifest: ObjectReader): ManifestRequirement[] {
  return manifest.objects('requires').map((reader) => {
    const requirement = {
      plugin: reader.requiredText('plugin', pluginId),
      version: reader.text('version', '*', versionRange),
      optional: reader.flag('optional', false),
    };
    return { ...reader.unknown(), ...requirement };
  });
}

function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as T;
}
