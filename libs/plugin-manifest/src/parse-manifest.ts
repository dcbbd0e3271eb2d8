import type { Fault } from '@sluice/kernel';
import { checkConfigSchema } from './config-schema';
import { importManifest } from './import/import-manifest';
import { isTypedManifest } from './import/is-typed-manifest';
import { isJsonObject } from './json';
import type { PluginManifest } from './manifest';
import { type Findings, ObjectReader } from './read/object-reader';
import { readCapabilities } from './read/read-capabilities';
import { readFailurePolicies } from './read/read-failure-policies';
import { readPermissions } from './read/read-permissions';
import { readResourceTypes } from './read/read-resource-types';
import { readCompat, readRequires, readRuntime } from './read/read-runtime';
import { readSchedules } from './read/read-schedules';
import { readPortal, readUi } from './read/read-slots';
import { assetPath } from './rules/asset-path';
import { pluginId, semanticVersion } from './rules/identifiers';

export type ParsedManifest = { ok: true; manifest: PluginManifest; warnings: Fault[] } | { ok: false; faults: Fault[] };

/**
 * Reads the text of a manifest. Either the normalised manifest, with a warning for each thing that was left alone, or every fault at
 * once: a JSON pointer into the text and a sentence that says what to do. Normalising a normalised manifest changes nothing. A manifest
 * of the typed form (see `importManifest`) is read as well.
 */
export function parseManifest(json: string): ParsedManifest {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return refuse(`Write the manifest as JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
  if (!isJsonObject(value)) return refuse('Write the manifest as a JSON object.');
  const imported = isTypedManifest(value) ? importManifest(value) : undefined;
  const ofReading: Findings = { faults: [], warnings: [] };
  const manifest = readManifest(new ObjectReader(ofReading, '', imported?.document ?? value), ofReading);
  const findings = imported?.findings(ofReading) ?? ofReading;
  return findings.faults.length > 0 ? { ok: false, faults: findings.faults } : { ok: true, manifest, warnings: findings.warnings };
}

function readManifest(reader: ObjectReader, findings: Findings): PluginManifest {
  const id = reader.requiredText('id', pluginId);
  const capabilities = readCapabilities(reader);
  const assets = reader.texts('assets', assetPath);
  const schema = readConfigSchema(reader, findings);
  const manifest: PluginManifest = {
    id,
    name: reader.requiredText('name'),
    version: reader.requiredText('version', semanticVersion),
    description: reader.text('description', ''),
    author: reader.text('author', ''),
    license: reader.text('license', ''),
    icon: reader.text('icon', ''),
    category: reader.text('category', ''),
    homepage: reader.text('homepage', ''),
    capabilities,
    permissions: readPermissions(reader, id),
    failure_policies: readFailurePolicies(reader),
    ui: readUi(reader, assets),
    portal: readPortal(reader, assets),
    assets,
    schedules: readSchedules(reader),
    resource_types: readResourceTypes(reader),
    ...(schema === undefined ? {} : { config_schema: schema }),
    runtime: readRuntime(reader, capabilities.hooks),
    compat: readCompat(reader),
    requires: readRequires(reader),
  };
  const kept = { ...readSecurity(reader), ...reader.keep('$schema', 'kvNamespace', 'rpc', 'scopeRequests') };
  return { ...reader.unknown(), ...kept, ...manifest };
}

function readConfigSchema(reader: ObjectReader, findings: Findings): Record<string, unknown> | undefined {
  const schema = reader.anyObject('config_schema');
  if (schema === undefined) return undefined;
  for (const { pointer, message } of checkConfigSchema(schema)) findings.faults.push({ pointer: `/config_schema${pointer}`, message });
  return schema;
}

function readSecurity(reader: ObjectReader): Record<string, unknown> {
  if (reader.anyObject('security') === undefined) return {};
  const security = reader.object('security');
  const known = security.keep('csp');
  return { security: { ...security.unknown(), ...known } };
}

function refuse(message: string): ParsedManifest {
  return { ok: false, faults: [{ pointer: '', message }] };
}
