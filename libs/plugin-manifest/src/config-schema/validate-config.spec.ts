import { checkConfigSchema, validateConfig } from './validate-config';

const SCHEMA = {
  type: 'object',
  required: ['slug'],
  properties: {
    slug: { type: 'string', pattern: '^[a-z-]+$' },
    content: { type: 'string', default: 'Hello' },
    secret: { type: 'string', format: 'password', minLength: 8 },
    limits: { type: 'object', properties: { 'per/minute': { type: 'integer', minimum: 1 } }, additionalProperties: false },
    mode: { enum: ['fast', 'safe'] },
  },
};

const pointers = (schema: object, config: unknown): string[] => validateConfig(schema, config).map(({ pointer }) => pointer);

describe('validateConfig', () => {
  it('takes a config that fits', () => {
    expect(validateConfig(SCHEMA, { slug: 'echo', secret: 'longenough', limits: { 'per/minute': 5 }, mode: 'safe', unlisted: 1 })).toEqual([]);
  });

  it('reports every fault at once, with pointers into the config', () => {
    expect(pointers(SCHEMA, { content: 5, limits: { 'per/minute': 0, a: 1 }, mode: 'slow' })).toEqual([
      '/slug',
      '/content',
      '/limits/a',
      '/limits/per~1minute',
      '/mode',
    ]);
  });

  it('writes sentences that say what to do and never show a value', () => {
    const faults = validateConfig(SCHEMA, { slug: 'NOT-A-SLUG', secret: 'hunter2' });
    expect(faults).toHaveLength(2);
    for (const { message } of faults) expect(message).toMatch(/^[A-Z].*\.$/);
    expect(JSON.stringify(faults)).not.toMatch(/hunter2|NOT-A-SLUG/);
  });

  it('reports one fault where a value fits none of several forms', () => {
    const schema = { type: 'object', properties: { to: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] } } };
    expect(validateConfig(schema, { to: 5 })).toEqual([{ pointer: '/to', message: 'Write a value that fits one of the allowed forms here.' }]);
  });

  it('does not change the config', () => {
    const config = { slug: 'echo' };
    validateConfig(SCHEMA, config);
    expect(config).toEqual({ slug: 'echo' });
  });

  it('refuses a config that is not an object', () => {
    expect(pointers(SCHEMA, 'text')).toEqual(['']);
    expect(pointers(SCHEMA, null)).toEqual(['']);
  });

  it('follows the draft that the schema names', () => {
    const tuple = { type: 'object', properties: { pair: { items: [{ type: 'string' }], additionalItems: false } } };
    expect(pointers({ $schema: 'http://json-schema.org/draft-07/schema#', ...tuple }, { pair: ['a', 'b'] })).toEqual(['/pair']);
    const prefix = { type: 'object', properties: { pair: { prefixItems: [{ type: 'string' }], items: false } } };
    expect(pointers({ $schema: 'https://json-schema.org/draft/2020-12/schema', ...prefix }, { pair: [5] })).toEqual(['/pair/0']);
    expect(pointers(prefix, { pair: ['a', 'b'] })).toEqual(['/pair']);
  });

  it('takes two schemas with the same $id', () => {
    const named = (type: string) => ({ $id: 'https://example.com/config', type: 'object', properties: { a: { type } } });
    expect(pointers(named('string'), { a: 5 })).toEqual(['/a']);
    expect(pointers(named('number'), { a: 5 })).toEqual([]);
  });

  it('sees a schema that was changed after its first use', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } } };
    expect(pointers(schema, { a: 5 })).toEqual(['/a']);
    schema.properties.a.type = 'number';
    expect(pointers(schema, { a: 5 })).toEqual([]);
  });

  it('ends soon on a pattern that would take for ever', () => {
    const schema = { type: 'object', properties: { a: { type: 'string', pattern: '^(a+)+$' } } };
    expect(validateConfig(schema, { a: `${'a'.repeat(50)}!` })).toEqual([{ pointer: '', message: expect.stringContaining('takes too long') }]);
    expect(validateConfig(schema, { a: 'aaa' })).toEqual([]);
  });

  it('ends soon on a schema that doubles its work at every step', () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [`d${i}`, { allOf: [{ $ref: `#/$defs/d${i + 1}` }, { $ref: `#/$defs/d${i + 1}` }] }]),
    );
    const schema = { type: 'object', $ref: '#/$defs/d0', $defs: { ...$defs, d40: { type: 'object' } } };
    expect(validateConfig(schema, {})).toEqual([{ pointer: '', message: expect.stringContaining('takes too long') }]);
  });

  it('ends soon when every one of those steps is a fault', () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [`d${i}`, { allOf: [{ $ref: `#/$defs/d${i + 1}` }, { $ref: `#/$defs/d${i + 1}` }] }]),
    );
    const schema = { type: 'object', $ref: '#/$defs/d0', $defs: { ...$defs, d40: { type: 'string' } } };
    expect(validateConfig(schema, {})).toEqual([{ pointer: '', message: expect.stringContaining('takes too long') }]);
  });

  it('refuses a config and a schema that are nested too deeply to be checked', () => {
    const nested = (depth: number): object => JSON.parse(`${'{"next":'.repeat(depth)}{}${'}'.repeat(depth)}`) as object;
    expect(pointers({ type: 'object', properties: { next: { $ref: '#' } } }, nested(100_000))).toEqual(['']);
    expect(validateConfig(nested(100_000), {})).toEqual([{ pointer: '', message: expect.stringContaining('too deep') }]);
  });

  it('takes a schema that recurses through the value', () => {
    const schema = { type: 'object', properties: { next: { $ref: '#' }, name: { type: 'string' } } };
    expect(pointers(schema, { next: { next: { name: 5 } } })).toEqual(['/next/next/name']);
  });

  it('says so when the schema is not usable', () => {
    expect(validateConfig({ type: 'object', properties: { a: { type: 'text' } } }, {})).toEqual([
      { pointer: '', message: expect.stringContaining('/properties/a/type') },
    ]);
  });
});

describe('checkConfigSchema', () => {
  const refused = (schema: unknown): string[] => checkConfigSchema(schema).map(({ pointer }) => pointer);

  it('takes schemas of both drafts, with keywords and formats of their own', () => {
    expect(refused(SCHEMA)).toEqual([]);
    expect(refused({})).toEqual([]);
    expect(refused({ type: ['object', 'null'], properties: { a: { 'x-secret': true, format: 'colour', 'ui:widget': 'textarea' } } })).toEqual([]);
    expect(refused({ $schema: 'http://json-schema.org/draft-07/schema', type: 'object', definitions: { a: {} } })).toEqual([]);
  });

  it.each([[null], [[]], ['{}'], [true], [undefined]])('refuses %j', (schema) => expect(refused(schema)).toEqual(['']));

  it('points at every fault', () => {
    expect(refused({ type: 'object', required: 'slug', properties: { a: { type: 'text' }, b: { minLength: -1 } } }).sort()).toEqual([
      '/properties/a/type',
      '/properties/b/minLength',
      '/required',
    ]);
  });

  it('refuses another draft, a config that is no object, and references that lead nowhere', () => {
    expect(refused({ $schema: 'http://json-schema.org/draft-04/schema#' })).toEqual(['/$schema']);
    expect(refused({ type: 'string' })).toEqual(['/type']);
    expect(refused({ type: 'object', properties: { a: { $ref: '#/$defs/none' } } })).toEqual(['']);
    expect(refused({ type: 'object', properties: { a: { $ref: 'https://example.com/other' } } })).toEqual(['']);
    expect(refused({ type: 'object', properties: { a: { pattern: '(' } } })).toHaveLength(1);
  });

  it('refuses a reference that leads back to itself', () => {
    expect(refused({ $ref: '#' })).toEqual(['/$ref']);
    expect(refused({ properties: { a: { $ref: '#/$defs/a' } }, $defs: { a: { allOf: [{ $ref: '#/$defs/b' }] }, b: { $ref: '#/$defs/a' } } })).toHaveLength(1);
    expect(refused({ properties: { a: { $ref: '#loop' } }, $defs: { a: { $anchor: 'loop', anyOf: [{ $ref: '#loop' }, {}] } } })).toHaveLength(1);
  });

  it('refuses a secret that could not be kept secret because it has no name', () => {
    expect(refused({ type: 'object', additionalProperties: { type: 'string', format: 'password' } })).toEqual(['']);
  });
});
