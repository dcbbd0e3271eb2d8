import { createHash } from 'node:crypto';
import { generateKeyPairSync } from 'node:crypto';
import { generateSigningKey, importPublicKey, keyIdOf, parsePrivateKey, parsePublicKey, pinnedKeys, publicKeyOf, rawPublicKey } from './signing-keys';

const pair = generateSigningKey();

describe('signing keys', () => {
  it('round-trip through what stands in the environment', () => {
    expect(parsePublicKey(pair.publicKeyText).key.equals(pair.publicKey)).toBe(true);
    expect(publicKeyOf(parsePrivateKey(pair.privateKeyText)).equals(pair.publicKey)).toBe(true);
    expect(importPublicKey(rawPublicKey(pair.publicKey)).equals(pair.publicKey)).toBe(true);
  });

  it('are named by the hash of the raw key', () => {
    const expected = createHash('sha256').update(Buffer.from(pair.publicKeyText, 'base64')).digest('hex').slice(0, 16);
    expect([pair.keyId, keyIdOf(pair.publicKey), keyIdOf(rawPublicKey(pair.publicKey)), parsePublicKey(pair.publicKeyText).keyId]).toEqual(Array(4).fill(expected));
    expect([...pinnedKeys([pair.publicKeyText]).keys()]).toEqual([expected]);
  });

  it.each(['', 'AAAA', 'not base64!', Buffer.alloc(33).toString('base64')])('refuses %p as a public key', (text) => {
    expect(() => parsePublicKey(text)).toThrow(expect.objectContaining({ code: 'snapshot.badKey' }));
  });

  it('refuses a private key of another sort', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64');
    for (const text of ['', 'AAAA', rsa]) expect(() => parsePrivateKey(text)).toThrow(expect.objectContaining({ code: 'snapshot.badKey' }));
  });
});
