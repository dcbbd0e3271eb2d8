import { secretPaths, validateConfig } from '../config-schema';
import { parseManifest } from '../parse-manifest';

function parse(configSchema: object) {
  return parseManifest(JSON.stringify({ id: 'shop', name: 'Shop', version: '1.0.0', type: ['mcp-connector'], configSchema }));
}

function imported(configSchema: object) {
  const result = parse(configSchema);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return { schema: result.manifest.config_schema ?? {}, warnings: result.warnings.map(({ pointer }) => pointer).filter((pointer) => pointer.startsWith('/configSchema/')) };
}

const property = (field: object) => (imported({ a: field }).schema['properties'] as { a: object }).a;

function faults(configSchema: object): string[] {
  const result = parse(configSchema);
  return result.ok ? [] : result.faults.map(({ pointer }) => pointer);
}

describe('configSchema as a map of fields', () => {
  it('becomes a JSON Schema that configs are checked against', () => {
    const { schema } = imported({
      token: { type: 'string', label: 'Access token', description: 'From the shop', placeholder: 'shpat_…', required: true, encrypted: true, env: 'SHOP_TOKEN' },
      domain: { type: 'string', required: true, regex: '^[a-z-]+\\.shop\\.com$' },
      pages: { type: 'integer', default: 5, minimum: 1 },
    });
    expect(schema).toEqual({
      type: 'object',
      required: ['token', 'domain'],
      properties: {
        token: { type: 'string', title: 'Access token', description: 'From the shop', 'x-secret': true, 'x-placeholder': 'shpat_…', 'x-env': 'SHOP_TOKEN' },
        domain: { type: 'string', pattern: '^[a-z-]+\\.shop\\.com$' },
        pages: { type: 'integer', default: 5, minimum: 1 },
      },
    });
    expect(secretPaths(schema)).toEqual(['/token']);
    expect(validateConfig(schema, { token: 't', domain: 'my_own.shop.com' })).toMatchObject([{ pointer: '/domain' }]);
    expect(validateConfig(schema, { token: 't', domain: 'my-own.shop.com' })).toEqual([]);
  });

  it.each([{ encrypted: true }, { secret: true }, { 'x-secret': true }, { type: 'password' }, { type: 'secret' }, { format: 'password' }])('keeps a field with %j secret', (extra) => {
    expect(secretPaths(imported({ a: { type: 'string', ...extra } }).schema)).toEqual(['/a']);
  });

  it('leaves out the default of a secret, which everybody could read', () => {
    const { schema, warnings } = imported({ a: { type: 'string', encrypted: true, default: 'hunter2' } });
    expect(JSON.stringify(schema)).not.toContain('hunter2');
    expect(warnings).toEqual(['/configSchema/a/default']);
  });

  it('makes options an enumeration', () => {
    expect(property({ type: 'select', options: ['eu', 'us'] })).toEqual({ enum: ['eu', 'us'] });
    expect(property({ options: [1, 2] })).toEqual({ enum: [1, 2] });
    expect(property({ type: 'string', options: [{ value: 'eu', label: 'Europe' }, { value: 'us' }], default: 'eu' })).toEqual({
      type: 'string',
      enum: ['eu', 'us'],
      'x-enum-labels': { eu: 'Europe' },
      default: 'eu',
    });
    expect(property({ type: 'multiselect', options: ['eu', 'us'] })).toEqual({ type: 'array', uniqueItems: true, items: { enum: ['eu', 'us'] } });
  });

  it('knows the kinds of text that forms know', () => {
    expect(property({ type: 'url' })).toEqual({ type: 'string', format: 'uri' });
    expect(property({ type: 'textarea' })).toEqual({ type: 'string' });
    expect(property({ type: 'json' })).toEqual({});
  });

  it('leaves out a default that the field itself refuses', () => {
    const { schema, warnings } = imported({ a: { type: 'boolean', default: 'yes' }, b: { type: 'string', regex: '^k', default: '' }, c: { type: 'string', default: '' } });
    expect(schema['properties']).toEqual({ a: { type: 'boolean' }, b: { type: 'string', pattern: '^k' }, c: { type: 'string', default: '' } });
    expect(warnings).toEqual(['/configSchema/a/default', '/configSchema/b/default']);
  });

  it('keeps what it does not know under names that mean nothing to JSON Schema', () => {
    const { schema, warnings } = imported({ a: { type: 'string', order: 3, not: {}, env: 'A' } });
    expect(schema['properties']).toEqual({ a: { type: 'string', 'x-order': 3, 'x-not': {}, 'x-env': 'A' } });
    expect(warnings.sort()).toEqual(['/configSchema/a/env', '/configSchema/a/not', '/configSchema/a/order']);
  });

  it('takes settings of any name', () => {
    const map = JSON.parse('{"type": {"type": "string"}, "a/b": {"type": "string", "required": true}, "__proto__": {"type": "string", "secret": true}}') as object;
    expect(secretPaths(imported(map).schema)).toEqual(['/__proto__']);
    expect(imported(map).schema['required']).toEqual(['a/b']);
    expect(imported({}).schema).toEqual({ type: 'object', properties: {} });
  });

  it('points at its faults where the author wrote them', () => {
    expect(
      faults({
        plain: 'string',
        untyped: {},
        misspelt: { type: 'sting', required: 'yes' },
        'a/b': { type: 'string', regex: '(', label: 7 },
        long: { type: 'string', minLength: 'x' },
        choice: { type: 'select', options: [] },
        mixed: { type: 'number', options: [1, '2'] },
        twice: { type: 'select', options: ['a', { value: 'a' }, { label: 'no value' }] },
      }),
    ).toEqual([
      '/configSchema/plain',
      '/configSchema/untyped/type',
      '/configSchema/misspelt/type',
      '/configSchema/misspelt/required',
      '/configSchema/a~1b/label',
      '/configSchema/a~1b/regex',
      '/configSchema/choice/options',
      '/configSchema/mixed/options/1',
      '/configSchema/twice/options/1',
      '/configSchema/twice/options/2',
      '/configSchema/long/minLength',
    ]);
  });
});

describe('configSchema as a JSON Schema', () => {
  it('stays as it is', () => {
    const schema = { type: 'object', properties: { key: { type: 'string', 'x-secret': true } }, required: ['key'] };
    expect(imported(schema).schema).toEqual(schema);
    expect(faults({ type: 'object', properties: { key: { type: 'sting' } } })).toEqual(['/configSchema/properties/key/type']);
  });
});
