import type { Fault } from '@sluice/kernel';
import type { ErrorObject } from 'ajv';
import { joinPointer } from '../json';

/** What to do about one finding of ajv. Values of the document never appear: they may be secrets. */
export function describeError(error: ErrorObject): Fault {
  const params = error.params as Record<string, unknown>;
  const at = error.instancePath;
  switch (error.keyword) {
    case 'required':
      return { pointer: joinPointer(at, String(params['missingProperty'])), message: `Add \`${String(params['missingProperty'])}\`: it is required.` };
    case 'dependentRequired':
    case 'dependencies':
      return {
        pointer: joinPointer(at, String(params['missingProperty'])),
        message: `Add \`${String(params['missingProperty'])}\`: it is required together with \`${String(params['property'])}\`.`,
      };
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const key = String(params['additionalProperty'] ?? params['unevaluatedProperty']);
      return { pointer: joinPointer(at, key), message: `Remove \`${key}\`: there is no such setting.` };
    }
    case 'propertyNames':
      return { pointer: joinPointer(at, String(params['propertyName'])), message: `Rename \`${String(params['propertyName'])}\`: this name is not allowed here.` };
    default:
      return { pointer: at, message: sentence(error.keyword, params) };
  }
}

function sentence(keyword: string, params: Record<string, unknown>): string {
  const limit = String(params['limit']);
  switch (keyword) {
    case 'type':
      return `Write ${[params['type']].flat().map((type) => TYPE_WORDS[String(type)] ?? String(type)).join(' or ')} here.`;
    case 'enum':
      return `Write one of ${JSON.stringify(params['allowedValues']).slice(1, -1)} here.`;
    case 'const':
      return `Write exactly ${JSON.stringify(params['allowedValue'])} here.`;
    case 'format':
      return `Write a value of the format \`${String(params['format'])}\` here.`;
    case 'pattern':
      return `Write a text that matches the pattern ${String(params['pattern'])} here.`;
    case 'minLength':
      return params['limit'] === 1 ? 'Write a text that is not empty here.' : `Write at least ${limit} characters here.`;
    case 'maxLength':
      return `Write at most ${limit} characters here.`;
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return `Write a number ${COMPARISON_WORDS[String(params['comparison'])] ?? 'within'} ${limit} here.`;
    case 'multipleOf':
      return `Write a multiple of ${String(params['multipleOf'])} here.`;
    case 'minItems':
      return `Give at least ${limit} entries here.`;
    case 'maxItems':
    case 'items':
    case 'additionalItems':
    case 'unevaluatedItems':
      return `Give at most ${limit === 'undefined' ? String(params['len']) : limit} entries here.`;
    case 'uniqueItems':
      return 'Remove the entries that stand here twice.';
    case 'contains':
      return 'Add an entry of the kind that the schema asks for here.';
    case 'minProperties':
      return `Give at least ${limit} keys here.`;
    case 'maxProperties':
      return `Give at most ${limit} keys here.`;
    case 'oneOf':
      return 'Write a value that fits exactly one of the allowed forms here.';
    case 'anyOf':
      return 'Write a value that fits one of the allowed forms here.';
    case 'not':
    case 'false schema':
      return 'Remove this value: it is not allowed here.';
    default:
      return `Write a value here that satisfies \`${keyword}\` of the schema.`;
  }
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'an array',
  null: 'null',
};

const COMPARISON_WORDS: Readonly<Record<string, string>> = { '>=': 'of at least', '<=': 'of at most', '>': 'above', '<': 'below' };
