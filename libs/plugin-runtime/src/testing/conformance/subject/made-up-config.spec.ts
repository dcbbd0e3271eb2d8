import { validateConfig } from '@sluice/plugin-manifest';
import { makeUpConfig } from './made-up-config';

describe('makeUpConfig', () => {
  it.each([
    [{ type: 'object', required: ['slug'], properties: { slug: { type: 'string', pattern: '^[a-z0-9-]+$' }, more: { type: 'string' } } }, { slug: 'conformance' }],
    [{ type: 'object', properties: { content: { type: 'string', default: 'Hello' } } }, { content: 'Hello' }],
    [{ type: 'object', required: ['mode', 'version'], properties: { mode: { enum: ['fast', 'slow'] }, version: { const: 2 } } }, { mode: 'fast', version: 2 }],
    [{ type: 'object', required: ['limit', 'on'], properties: { limit: { type: 'integer', minimum: 5 }, on: { type: 'boolean' } } }, { limit: 5, on: false }],
    [{ type: 'object', required: ['url'], properties: { url: { type: 'string', pattern: '^https://' } } }, { url: 'https://example.com/conformance' }],
    [{ type: 'object', required: ['tags'], properties: { tags: { type: 'array', minItems: 1, items: { type: 'string' } } } }, { tags: ['conformance'] }],
    [{ type: 'object', required: ['nested'], properties: { nested: { type: 'object', required: ['key'], properties: { key: { type: 'string', minLength: 20 } } } } }, { nested: { key: 'conformancexxxxxxxxx' } }],
  ])('makes up what a schema accepts: %j', (schema, config) => {
    expect(makeUpConfig(schema)).toEqual(config);
    expect(validateConfig(schema, config)).toEqual([]);
  });

  it('has nothing to say about a schema that says nothing', () => expect(makeUpConfig({})).toEqual({}));
});
