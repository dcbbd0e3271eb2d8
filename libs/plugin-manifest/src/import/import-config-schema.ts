import { checkConfigSchema, validateConfig } from '../config-schema';
import { isJsonObject, joinPointer, pointerKeys } from '../json';
import { type Findings, ObjectReader } from '../read/object-reader';
import type { Origins } from './origins';
import { readConfigField } from './read-config-field';

const WRITTEN = '/configSchema';
const CONVERTED = '/config_schema';

/** The `configSchema` of the typed form as JSON Schema 2020-12. Usually it is a map of fields; one that is a JSON Schema already stays as it is. */
export function importConfigSchema(map: Readonly<Record<string, unknown>>, findings: Findings, origins: Origins): Record<string, unknown> {
  origins.note(CONVERTED, WRITTEN);
  if (isJsonSchema(map)) {
    warn(findings, WRITTEN, 'Write `configSchema` as `config_schema`, which it was read as.');
    return { ...map };
  }
  warn(findings, WRITTEN, 'Replace `configSchema` with `config_schema`, a JSON Schema: its fields were read as one.');
  const properties: [string, Record<string, unknown>][] = [];
  const required: string[] = [];
  for (const [name, field] of Object.entries(map)) {
    const written = joinPointer(WRITTEN, name);
    if (!isJsonObject(field)) {
      findings.faults.push({ pointer: written, message: 'Write an object with at least a `type` for this setting.' });
      continue;
    }
    const converted = joinPointer(`${CONVERTED}/properties`, name);
    origins.note(converted, written);
    const read = readConfigField(new ObjectReader(findings, written, field), converted, origins);
    properties.push([name, read.schema]);
    if (read.required) required.push(name);
  }
  const schema = { type: 'object', properties: Object.fromEntries(properties), ...(required.length === 0 ? {} : { required }) };
  leaveOutWrongDefaults(schema, findings);
  return schema;
}

/** In a map of fields, `type` and the like could only be settings of that name, and those are objects. */
function isJsonSchema(map: Readonly<Record<string, unknown>>): boolean {
  return typeof map['type'] === 'string' || typeof map['$schema'] === 'string' || typeof map['$ref'] === 'string';
}

/** A form starts with the defaults, and must not start with what it refuses. */
function leaveOutWrongDefaults(schema: { properties: Record<string, Record<string, unknown>> }, findings: Findings): void {
  const withoutRequired = { type: 'object', properties: schema.properties };
  if (checkConfigSchema(withoutRequired).length > 0) return;
  const defaults = Object.fromEntries(
    Object.entries(schema.properties).flatMap(([name, property]) => (Object.hasOwn(property, 'default') ? [[name, property['default']]] : [])),
  );
  const wrong = new Set(validateConfig(withoutRequired, defaults).map(({ pointer }) => pointerKeys(pointer)[0] ?? ''));
  for (const [name, property] of Object.entries(schema.properties)) {
    if (!wrong.has(name) || !Object.hasOwn(property, 'default')) continue;
    delete property['default'];
    warn(findings, `${joinPointer(WRITTEN, name)}/default`, 'Write a `default` that the field itself allows: this one was left out.');
  }
}

function warn(findings: Findings, pointer: string, message: string): void {
  findings.warnings.push({ pointer, message });
}
