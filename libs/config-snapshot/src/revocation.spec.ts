import { sign } from 'node:crypto';
import { canonicalBytes } from './canonical-bytes';
import { openRevocation } from './open-revocation';
import { encodeRevocation, signRevocation, type Revocation } from './revocation';
import { refusalOf } from './refusal';
import { generateSigningKey } from './signing-keys';
import type { JsonValue } from './records';

const key = generateSigningKey();
const trust = { publicKeys: new Map([[key.keyId, key.publicKey]]), namespace: 'eu' };
const revocation: Revocation = { namespace: 'eu', epoch: 'epoch-1', revision: 7, token_hashes: ['a'.repeat(64), 'b'.repeat(64)] };

const codeOf = (bytes: Uint8Array): string => {
  try {
    openRevocation(bytes, trust);
  } catch (error) {
    return refusalOf(error).code;
  }
  return 'accepted';
};

describe('a revocation', () => {
  it('gives back what was signed', () => {
    expect(openRevocation(encodeRevocation(signRevocation(revocation, key.privateKey)), trust)).toEqual(revocation);
  });

  it('is refused for another namespace, from another key, and with a bad hash', () => {
    expect(codeOf(encodeRevocation(signRevocation({ ...revocation, namespace: '' }, key.privateKey)))).toBe('snapshot.wrongNamespace');
    expect(codeOf(encodeRevocation(signRevocation(revocation, generateSigningKey().privateKey)))).toBe('snapshot.unknownKey');
    expect(codeOf(encodeRevocation(signRevocation({ ...revocation, token_hashes: ['x'] }, key.privateKey)))).toBe('snapshot.badEncoding');
    expect(codeOf(Buffer.alloc(2_000_000, 0x20))).toBe('snapshot.tooLarge');
  });

  it('is nothing that was signed as something else', () => {
    const signature = sign(null, canonicalBytes(revocation as unknown as JsonValue), key.privateKey).toString('base64url');
    expect(codeOf(encodeRevocation({ revocation, key_id: key.keyId, signature }))).toBe('snapshot.badSignature');
  });
});
