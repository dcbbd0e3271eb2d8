import Ajv, { type Options } from 'ajv';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';

type SchemaDraft = '2020-12' | 'draft-07';

/** Which draft a schema is written in; undefined when it names one that is not supported. Without `$schema` it is 2020-12. */
export function schemaDraft(schema: Record<string, unknown>): SchemaDraft | undefined {
  const named = schema['$schema'];
  if (named === undefined) return '2020-12';
  if (typeof named !== 'string') return undefined;
  if (/^https?:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/.test(named)) return '2020-12';
  if (/^https?:\/\/json-schema\.org\/draft-07\/schema#?$/.test(named)) return 'draft-07';
  return undefined;
}

/** Unknown keywords and formats are allowed: the specification says to ignore them, and `x-secret` is one. */
const OPTIONS: Options = { allErrors: true, strict: false, logger: false, ownProperties: true };

/** A new validator each time, since one that has seen an `$id` refuses another schema with the same. */
export function createAjv(draft: SchemaDraft): Ajv {
  const ajv = draft === 'draft-07' ? new Ajv(OPTIONS) : new Ajv2020(OPTIONS);
  return addFormats(ajv);
}
