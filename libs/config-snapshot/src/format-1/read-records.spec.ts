import { encodeSnapshot } from './encode-snapshot';
import { buildSnapshot } from './build-snapshot';
import { openSnapshot } from './open-snapshot';
import { signSnapshot } from './sign-snapshot';
import { generateSigningKey } from '../signing-keys';
import { splitRecords } from './split-records';

const signer = generateSigningKey();
const trust = { publicKeys: new Map([[signer.keyId, signer.publicKey]]), namespace: '' };
const genuine = encodeSnapshot(
  signSnapshot(buildSnapshot({ namespace: '', epoch: 'e', revision: 7, parent: 6, createdAt: new Date(0), records: [] }), signer.privateKey),
).toString();

/** A genuine header and signature around other records, and how often anything of them was parsed. */
function parsesOf(body: string): { code: string; parsed: number } {
  const parse = jest.spyOn(JSON, 'parse');
  try {
    openSnapshot(Buffer.from(body), trust, { epoch: 'e', revision: 6 });
  } catch (error) {
    return { code: (error as { code: string }).code, parsed: parse.mock.calls.filter(([text]) => String(text).includes('hostile')).length };
  } finally {
    parse.mockRestore();
  }
  throw new Error('The snapshot was accepted.');
}

describe('openSnapshot, on records that nobody signed', () => {
  const record = '{"data":{"hostile":[1,1,1]},"id":"1","kind":"app"}';

  it('does not parse them when the signature is bad', () => {
    const body = genuine.replace('"records":[]', `"records":[${record}]`).replace(/"signature":"[^"]*"/, `"signature":"${'A'.repeat(86)}"`);
    expect(parsesOf(body)).toEqual({ code: 'snapshot.badSignature', parsed: 0 });
  });

  it('does not parse them when a genuine header stands before them', () => {
    expect(parsesOf(genuine.replace('"records":[]', `"records":[${record}]`))).toEqual({ code: 'snapshot.badRoot', parsed: 0 });
  });

  it('refuses at once a body whose millions of values would not fit into memory when parsed', () => {
    // Parsed and checked value by value, 32 MiB of these end the process.
    expect(parsesOf(genuine.replace('"records":[]', `"records":[${'1,'.repeat(16 * 1_048_576)}1]`))).toEqual({ code: 'snapshot.badEncoding', parsed: 0 });
  });
});

describe('splitRecords', () => {
  it.each<[string, string[]]>([
    ['', []],
    ['{}', ['{}']],
    ['{"a":"}\\"{"},{"b":[{"c":{}}]}', ['{"a":"}\\"{"}', '{"b":[{"c":{}}]}']],
  ])('parts %s', (text, parts) => {
    expect(splitRecords(text)).toEqual(parts);
  });

  it.each(['{},', ',{}', '{}{}', '{} ,{}', '1', '{"a":"', '{"a":"\\', '{', `{"a":${'['.repeat(128)}${']'.repeat(128)}}`])('refuses %s', (text) => {
    expect(() => splitRecords(text)).toThrow(expect.objectContaining({ code: 'snapshot.badEncoding' }));
  });
});
