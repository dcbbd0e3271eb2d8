import { secretPaths } from './secret-paths';

const password = { type: 'string', format: 'password' };

describe('secretPaths', () => {
  it('finds passwords and what is marked secret, at any depth', () => {
    expect(
      secretPaths({
        properties: {
          slug: { type: 'string' },
          key: password,
          'a/b': { 'x-secret': true },
          plain: { 'x-secret': false },
          oauth: { type: 'object', properties: { client: { properties: { secret: password } } } },
        },
      }),
    ).toEqual(['/a~1b', '/key', '/oauth/client/secret']);
  });

  it('looks through references and alternatives', () => {
    expect(
      secretPaths({
        $defs: { login: { properties: { password } }, secret: password },
        allOf: [{ properties: { first: { $ref: '#/$defs/secret' } } }],
        properties: { login: { oneOf: [{ $ref: '#/$defs/login' }, { properties: { token: { 'x-secret': true } } }] } },
        if: { properties: { kind: { const: 'x' } } },
        then: { properties: { second: password } },
        dependentSchemas: { kind: { properties: { third: password } } },
      }),
    ).toEqual(['/first', '/login/password', '/login/token', '/second', '/third']);
  });

  it('makes the nearest named value secret where the secret has no name of its own', () => {
    expect(
      secretPaths({
        properties: {
          list: { type: 'array', items: { properties: { name: { type: 'string' }, token: password } } },
          map: { additionalProperties: password },
          pattern: { patternProperties: { '^x-': { 'x-secret': true } }, properties: { inner: password } },
          open: { type: 'array', items: { type: 'string' } },
        },
      }),
    ).toEqual(['/list', '/map', '/pattern']);
  });

  it('ends on a schema that recurses, and keeps what lies below secret', () => {
    const node = { properties: { token: password, child: { $ref: '#/$defs/node' }, children: { items: { $ref: '#/$defs/node' } } } };
    expect(secretPaths({ $defs: { node }, properties: { tree: { $ref: '#/$defs/node' } } })).toEqual(['/tree/child', '/tree/children', '/tree/token']);
    expect(secretPaths({ properties: { next: { $ref: '#' }, name: { type: 'string' } } })).toEqual([]);
  });
});
