import type { Fault } from '@sluice/kernel';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { isJsonObject } from '../json';
import { boundedRun, OutOfTime } from './bounded-run';
import { describeError } from './describe-error';
import { findEndlessReference } from './endless-reference';
import { hasNamelessSecret } from './secret-paths';
import { createAjv, schemaDraft } from './schema-draft';

export type CompiledSchema = { ok: true; validate: ValidateFunction } | { ok: false; faults: Fault[] };

const COMPILE_TIMEOUT_MS = 2000;
const CACHE_SIZE = 100;
const cache = new Map<string, CompiledSchema>();

/** A schema ready for use, or why it is not usable. Kept by text, so that a schema that comes from a database again costs little. */
export function compileSchema(schema: unknown): CompiledSchema {
  if (!isJsonObject(schema)) return refuse('', 'Write the config schema as a JSON object.');
  try {
    const text = JSON.stringify(schema);
    const compiled = cache.get(text) ?? boundedRun(COMPILE_TIMEOUT_MS, () => compile(JSON.parse(text) as Record<string, unknown>));
    keep(text, compiled);
    return compiled;
  } catch (error) {
    if (error instanceof OutOfTime) return refuse('', 'Make the config schema simpler: it takes too long to compile.');
    if (error instanceof RangeError) return refuse('', 'Nest the config schema less deeply: it is too deep to be checked.');
    return refuse('', `Mend the config schema: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

function keep(text: string, compiled: CompiledSchema): void {
  cache.delete(text);
  cache.set(text, compiled);
  const oldest = cache.keys().next();
  if (cache.size > CACHE_SIZE && oldest.done !== true) cache.delete(oldest.value);
}

function compile(schema: Record<string, unknown>): CompiledSchema {
  const draft = schemaDraft(schema);
  if (draft === undefined) {
    return refuse('/$schema', 'Name JSON Schema 2020-12 (https://json-schema.org/draft/2020-12/schema) or draft-07 here, or leave `$schema` out.');
  }
  const { type } = schema;
  if (type !== undefined && ![type].flat().includes('object')) {
    return refuse('/type', 'Write "object" here: the config of a plugin is always an object.');
  }
  const endless = findEndlessReference(schema);
  if (endless !== undefined) {
    return refuse(endless, 'Point this `$ref` elsewhere: it leads back to itself, and validation would never end.');
  }
  if (hasNamelessSecret(schema)) {
    return refuse('', 'Name each secret of the config under `properties`: one that only a pattern names could not be kept secret.');
  }
  const ajv = createAjv(draft);
  if (ajv.validateSchema(schema) !== true) return { ok: false, faults: schemaFaults(ajv.errors ?? []) };
  return { ok: true, validate: ajv.compile(schema) };
}

/** The first finding at each place says what is wrong; the rest are the alternatives of the meta-schema. */
function schemaFaults(errors: readonly ErrorObject[]): Fault[] {
  const byPointer = new Map<string, Fault>();
  for (const error of errors) {
    const fault = describeError(error);
    if (!byPointer.has(fault.pointer)) byPointer.set(fault.pointer, fault);
  }
  return [...byPointer.values()];
}

function refuse(pointer: string, message: string): CompiledSchema {
  return { ok: false, faults: [{ pointer, message }] };
}
