import type { Fault } from '@sluice/kernel';
import type { ErrorObject } from 'ajv';
import { boundedRun, OutOfTime } from './bounded-run';
import { compileSchema } from './compile-schema';
import { describeError } from './describe-error';

const VALIDATE_TIMEOUT_MS = 1000;

/** Whether this is a usable JSON Schema (2020-12 or draft-07) of a plugin's config: `[]`, or every fault with a pointer into the schema. */
export function checkConfigSchema(schema: unknown): Fault[] {
  const compiled = compileSchema(schema);
  return compiled.ok ? [] : compiled.faults;
}

/**
 * Checks a config against its schema: `[]` when it is valid, otherwise every fault with a pointer into the config. Ends within a second
 * whatever the schema says. A schema that is not usable is one fault at the root, since no config can be checked against it.
 */
export function validateConfig(schema: object, config: unknown): Fault[] {
  const compiled = compileSchema(schema);
  if (!compiled.ok) {
    const reasons = compiled.faults.map(({ pointer, message }) => `${pointer || '/'}: ${message}`).join(' ');
    return [{ pointer: '', message: `The config schema itself is not usable. ${reasons}` }];
  }
  const { validate } = compiled;
  try {
    const valid = boundedRun(VALIDATE_TIMEOUT_MS, () => validate(config));
    return valid ? [] : describeAll(validate.errors ?? []);
  } catch (error) {
    if (error instanceof OutOfTime) return [{ pointer: '', message: 'Write a shorter config or a simpler schema: the check takes too long.' }];
    if (error instanceof RangeError) return [{ pointer: '', message: 'Nest the config less deeply: it is too deep to be checked.' }];
    throw error;
  }
}

/** A value that fits none of several forms is one fault; what each form missed would only confuse. */
function describeAll(errors: readonly ErrorObject[]): Fault[] {
  const choices = errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf').map(({ schemaPath }) => `${schemaPath}/`);
  const told = errors.filter(({ keyword, schemaPath }) => keyword !== 'if' && !choices.some((choice) => schemaPath.startsWith(choice)));
  const unique = new Map(told.map(describeError).map((fault) => [`${fault.pointer}\n${fault.message}`, fault]));
  return [...unique.values()];
}
