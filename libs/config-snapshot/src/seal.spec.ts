import { randomBytes } from 'node:crypto';
import type { JsonObject } from './records';
import { openConfig, sealConfig } from './seal';

const key = randomBytes(32);
const config: JsonObject = {
  slug: 'x',
  password: 'hunter2-hunter2',
  db: { 'a/b': 'sesame-sesame', host: 'h' },
  servers: [{ token: 't-one-secret', name: 'n' }, { token: 'open' }],
  limits: { max: 5 },
};
const pointers = ['/password', '/db/a~1b', '/servers/0/token', '/limits', '/not/there'];

describe('sealConfig', () => {
  const sealed = sealConfig(config, pointers, key, 'plugin 7');

  it('hides every secret and nothing else', () => {
    const text = JSON.stringify(sealed);
    for (const secret of ['hunter2', 'sesame', 'secret', '"max"']) expect(text).not.toContain(secret);
    expect(sealed).toMatchObject({ slug: 'x', db: { host: 'h' }, servers: [{ name: 'n' }, { token: 'open' }], password: { $sealed: expect.stringMatching(/^[\w-]+$/) } });
  });

  it('is opened to exactly what it was, and leaves its input alone', () => {
    expect(openConfig(sealed, key, 'plugin 7')).toEqual(config);
    expect(config['password']).toBe('hunter2-hunter2');
  });

  it('gives equal output for equal input, and other output for any other value or place', () => {
    expect(sealConfig(config, pointers, key, 'plugin 7')).toEqual(sealed);
    const one = (value: string, aad: string, name = 'p') => JSON.stringify(Object.values(sealConfig({ [name]: value }, [`/${name}`], key, aad)));
    expect(new Set([one('a', 'x'), one('b', 'x'), one('a', 'y'), one('a', 'x', 'q')]).size).toBe(4);
  });

  it.each<[string, () => JsonObject]>([
    ['with another key', () => openConfig(sealed, randomBytes(32), 'plugin 7')],
    ['in another plugin', () => openConfig(sealed, key, 'plugin 8')],
    ['at another property', () => openConfig({ other: sealed['password']! }, key, 'plugin 7')],
    ['when cut short', () => openConfig({ password: { $sealed: 'AAAA' } }, key, 'plugin 7')],
    ['when it is no text', () => openConfig({ password: { $sealed: 1 } }, key, 'plugin 7')],
  ])('does not open %s', (_, open) => {
    expect(open).toThrow(expect.objectContaining({ code: 'snapshot.badSeal', details: { path: expect.stringMatching(/^\/(password|other|db)/) } }));
  });

  it('seals what only looks sealed, so that opening gives it back', () => {
    const odd: JsonObject = { note: { $sealed: 'written by a user' } };
    expect(openConfig(sealConfig(odd, [], key, 'a'), key, 'a')).toEqual(odd);
  });

  it('keeps odd keys', () => {
    const odd = JSON.parse('{"__proto__":{"secret":"s"},"":{"x":1}}') as JsonObject;
    const out = openConfig(sealConfig(odd, ['/__proto__/secret', '/'], key, 'a'), key, 'a');
    expect(JSON.stringify(out)).toBe(JSON.stringify(odd));
  });
});

describe('with a key of a namespace', () => {
  const third = { version: 3, key: randomBytes(32) };
  const sealed = sealConfig(config, pointers, third, 'plugin 7');
  const opened = (keys: Parameters<typeof openConfig>[1]) => openConfig(sealed, keys, 'plugin 7');

  it('names its version, and opens with it', () => {
    expect(sealed['password']).toEqual({ $sealed: expect.stringMatching(/^3\.[\w-]+$/) });
    expect(opened({ namespaceKey: third, sharedKey: undefined })).toEqual(config);
  });

  it('says which key is missing, and does not try another', () => {
    const missing = expect.objectContaining({ code: 'snapshot.keyMissing', details: { path: expect.any(String), version: 3 }, message: expect.stringContaining('key 3') });
    for (const keys of [{ namespaceKey: undefined, sharedKey: third.key }, { namespaceKey: { ...third, version: 4 }, sharedKey: undefined }, third.key]) expect(() => opened(keys)).toThrow(missing);
  });

  it('does not open with another key of the same version', () => {
    expect(() => opened({ namespaceKey: { version: 3, key: randomBytes(32) }, sharedKey: key })).toThrow(expect.objectContaining({ code: 'snapshot.badSeal' }));
  });

  it('opens what an older studio sealed with the shared key, where there is one', () => {
    const older = sealConfig(config, pointers, key, 'plugin 7');
    expect(openConfig(older, { namespaceKey: third, sharedKey: key }, 'plugin 7')).toEqual(config);
    expect(() => openConfig(older, { namespaceKey: third, sharedKey: undefined }, 'plugin 7')).toThrow(expect.objectContaining({ code: 'snapshot.keyMissing' }));
  });
});
