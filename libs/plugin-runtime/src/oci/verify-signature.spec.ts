import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { parseSigningKeys, signPayload } from './signing-keys';
import { signatureTag, simpleSigningPayload, verifySignature } from './verify-signature';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const IMAGE = { repository: 'plugins/echo', digest: DIGEST };
const OTHER = `sha256:${'b'.repeat(64)}`;
const pairs = {
  'ECDSA P-256': generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  Ed25519: generateKeyPairSync('ed25519'),
  RSA: generateKeyPairSync('rsa', { modulusLength: 2_048 }),
};
const stranger = generateKeyPairSync('ed25519');
const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();
const signed = (privateKey: KeyObject, payload = simpleSigningPayload('r.example/plugins/echo', DIGEST)) => ({ payload, signature: signPayload(privateKey, payload).toString('base64') });

describe('verifySignature', () => {
  const keys = Object.entries(pairs).flatMap(([name, { publicKey }]) => parseSigningKeys(name, pem(publicKey)));

  it.each(Object.keys(pairs) as (keyof typeof pairs)[])('takes a signature by %s, among others that do not fit', (name) => {
    const signatures = [signed(stranger.privateKey), signed(pairs[name].privateKey)];
    expect(verifySignature(IMAGE, signatures, keys).name).toBe(name);
  });

  it('refuses what is unsigned, signed by a stranger, or changed after it was signed', () => {
    expect(() => verifySignature(IMAGE, [], keys)).toThrow(expect.objectContaining({ code: 'oci.unsigned' }));
    expect(() => verifySignature(IMAGE, [signed(stranger.privateKey)], keys)).toThrow(expect.objectContaining({ code: 'oci.badSignature', message: expect.stringContaining('None of the one signature') }));
    const genuine = signed(pairs.Ed25519.privateKey);
    const changed = Buffer.from(genuine.payload.toString().replace('plugins/echo', 'plugins/evil'));
    expect(() => verifySignature(IMAGE, [{ ...genuine, payload: changed }], keys)).toThrow(expect.objectContaining({ code: 'oci.badSignature' }));
    expect(() => verifySignature(IMAGE, [{ ...genuine, signature: 'no base64 at all!' }], keys)).toThrow(expect.objectContaining({ code: 'oci.badSignature' }));
  });

  it('does not let the signature of one version vouch for another', () => {
    expect(() => verifySignature({ ...IMAGE, digest: OTHER }, [signed(pairs.RSA.privateKey)], keys)).toThrow('the signature belongs to another version');
  });

  it.each(['r.example/plugins/echo', 'r.example:5000/plugins/echo', 'plugins/echo', 'localhost/echo', 'r.example/mirror/plugins/echo', `r.example/plugins/echo:v1@${DIGEST}`])('takes a signature of %s', (image) => {
    expect(verifySignature(IMAGE, [signed(pairs.Ed25519.privateKey, simpleSigningPayload(image, DIGEST))], keys).name).toBe('Ed25519');
  });

  it.each(['r.example/plugins/debug', 'r.example/other/echo', 'r.example/my-echo', 'echoes', ''])('does not let one plugin stand in for another that the same key signed: %s', (image) => {
    const stolen = signed(pairs.Ed25519.privateKey, simpleSigningPayload(image, DIGEST));
    expect(() => verifySignature(IMAGE, [stolen], keys)).toThrow(expect.objectContaining({ code: 'oci.badSignature', message: expect.stringContaining('and not as plugins/echo') }));
    expect(verifySignature(IMAGE, [stolen, signed(pairs.RSA.privateKey)], keys).name).toBe('RSA');
  });

  it('refuses a payload that is signed but means something else', () => {
    for (const text of ['{}', 'null', 'no json', JSON.stringify({ critical: { image: { 'docker-manifest-digest': DIGEST }, type: 'a receipt' } })]) {
      expect(() => verifySignature(IMAGE, [signed(pairs.Ed25519.privateKey, Buffer.from(text))], keys)).toThrow(expect.objectContaining({ code: 'oci.badSignature' }));
    }
  });

  it('looks where cosign puts signatures', () => {
    expect(signatureTag(DIGEST)).toBe(`sha256-${'a'.repeat(64)}.sig`);
  });
});

describe('parseSigningKeys', () => {
  it('reads several keys from one file', () => {
    expect(parseSigningKeys('keys.pem', `old:\n${pem(pairs.RSA.publicKey)}\nnew:\n${pem(pairs.Ed25519.publicKey)}`)).toHaveLength(2);
  });

  it.each([
    ['a private key', pairs.Ed25519.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 'holds a private key'],
    ['nothing', '', 'holds no public key'],
    ['rubbish', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----', 'cannot be read'],
    ['a weak key', pem(generateKeyPairSync('rsa', { modulusLength: 1_024 }).publicKey), 'of 1024 bits'],
    ['another curve', pem(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey), 'secp384r1'],
  ])('refuses %s', (_, text, part) => {
    expect(() => parseSigningKeys('keys.pem', text)).toThrow(expect.objectContaining({ code: 'oci.badSigningKey', message: expect.stringContaining(part) }));
  });
});
