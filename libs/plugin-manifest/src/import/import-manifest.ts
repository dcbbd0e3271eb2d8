import type { Fault } from '@sluice/kernel';
import type { Hook } from '../hooks';
import { isJsonObject } from '../json';
import { type Findings, ObjectReader, quoteList } from '../read/object-reader';
import { assetPath } from '../rules/asset-path';
import { checkMcp } from './check-mcp';
import { importConfigSchema } from './import-config-schema';
import { Origins } from './origins';
import { hooksOf, pluginType, resourceTypesOf, TYPE_ADVICE } from './plugin-types';

export interface ImportedManifest {
  /** The same in Sluice's own form, ready to be read like any other. */
  document: Record<string, unknown>;
  /** What was found on importing and on reading `document`, with pointers into what the author wrote and one finding for each place. */
  findings(ofReading: Findings): Findings;
}

/**
 * Turns a manifest of the typed form (`type`, `entry`, `capabilities.mcp`, `configSchema` as a map of fields) into one of Sluice's own
 * form. A warning says of each converted part what it was read as, and of each other part that Sluice makes no use of it; the latter
 * stay where they stood.
 */
export function importManifest(written: Readonly<Record<string, unknown>>): ImportedManifest {
  const own: Findings = { faults: [], warnings: [] };
  const origins = new Origins();
  const reader = new ObjectReader(own, '', written);
  const capabilities = reader.object('capabilities');
  const types = readTypes(reader, capabilities);
  const { configSchema: _, capabilities: others, ...rest } = written;
  const document = {
    ...rest,
    capabilities: { ...(isJsonObject(others) ? others : {}), hooks: importHooks(types, origins) },
    ...importResources(reader, types),
    ...importRuntime(reader, types),
    ...importSchema(reader, own, origins),
  };
  checkCapabilities(capabilities);
  checkEntry(reader);
  warnOfPermissions(reader.object('permissions'), types);
  return { document, findings: (ofReading) => merge(own, ofReading, origins) };
}

/** A server without any `type` is still one to connect to. */
function readTypes(manifest: ObjectReader, capabilities: ObjectReader): string[] {
  const inferred = !manifest.has('type') && capabilities.has('mcp');
  const types = inferred ? ['mcp-connector'] : manifest.texts('type', pluginType);
  if (types.length > 0) {
    const source = inferred ? 'capabilities.mcp' : 'type';
    manifest.warn('type', `Write ${JSON.stringify(hooksOf(types))} as \`capabilities.hooks\`: that is what \`${source}\` was read as.`);
  } else if (!manifest.has('type')) manifest.fault('type', `Add \`type\`. ${TYPE_ADVICE}`);
  else if (Array.isArray(manifest.keep('type')['type'])) manifest.fault('type', TYPE_ADVICE);
  return types;
}

function importHooks(types: readonly string[], origins: Origins): Hook[] {
  origins.note('/capabilities/hooks', '/type');
  const hooks = hooksOf(types);
  // Where no type could be read there is a fault already, and any hook lets the rest be read.
  return hooks.length === 0 ? ['resource_provider'] : hooks;
}

function checkCapabilities(capabilities: ObjectReader): void {
  checkMcp(capabilities);
  if (capabilities.has('mcp')) capabilities.warn('mcp', 'Offer the MCP server from the plugin\'s own process: `capabilities.mcp` is kept, and nothing is started from it.');
  if (capabilities.has('ui')) capabilities.warn('ui', 'Name the pages under `ui.slots`: `capabilities.ui` is kept, and nothing is shown from it.');
  if (capabilities.has('api')) capabilities.warn('api', 'Register the routes as custom endpoints: `capabilities.api` is kept, and nothing is served from it.');
}

function importResources(manifest: ObjectReader, types: readonly string[]): Record<string, unknown> {
  return manifest.has('resource_types') ? {} : { resource_types: resourceTypesOf(types) };
}

/** In the typed form the process of a connector starts when somebody asks something of it. */
function importRuntime(manifest: ObjectReader, types: readonly string[]): Record<string, unknown> {
  if (manifest.has('runtime')) return {};
  return { runtime: { activation: hooksOf(types).every((hook) => hook === 'resource_provider') ? 'on_demand' : 'eager' } };
}

function importSchema(manifest: ObjectReader, findings: Findings, origins: Origins): Record<string, unknown> {
  const map = manifest.anyObject('configSchema');
  if (map === undefined) return {};
  if (!manifest.has('config_schema')) return { config_schema: importConfigSchema(map, findings, origins) };
  manifest.warn('configSchema', 'Remove `configSchema`: it was left out, since `config_schema` stands beside it.');
  return {};
}

function checkEntry(manifest: ObjectReader): void {
  const entry = manifest.optionalText('entry', (text) => assetPath(text.replace(/^(\.\/)+/, '')));
  if (entry !== undefined) manifest.warn('entry', 'Name this file in the command when you register the plugin: nothing is started from `entry`.');
}

function warnOfPermissions(permissions: ObjectReader, types: readonly string[]): void {
  if (permissions.texts('env').length > 0) permissions.warn('env', 'Ask for these values in the config: the process gets no variables of its host.');
  if (permissions.texts('scopes').length > 0) permissions.warn('scopes', 'Write scopes of the Service API under `permissions.services`: these were granted nothing.');
  if (hooksOf(types).includes('object_hooks') && !permissions.has('object_hooks')) {
    permissions.warn('object_hooks', `Name what the plugin is asked about, such as ${quoteList(['app.before_create'])}: it is asked about nothing else.`);
  }
}

function merge(own: Findings, ofReading: Findings, origins: Origins): Findings {
  const join = (first: readonly Fault[], second: readonly Fault[]): Fault[] => {
    const known = new Set(first.map(({ pointer }) => pointer));
    const moved = second.map(({ pointer, message }) => ({ pointer: origins.of(pointer), message }));
    return [...first, ...moved.filter(({ pointer }) => !known.has(pointer))];
  };
  return { faults: join(own.faults, ofReading.faults), warnings: join(own.warnings, ofReading.warnings) };
}
