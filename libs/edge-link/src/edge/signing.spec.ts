import { generateSigningKey, rawPublicKey } from '@sluice/config-snapshot';
import { sign } from 'node:crypto';
import { signPayload, verifyPayload } from './signing';

const { privateKey, publicKey } = generateSigningKey();
const payload = Buffer.from([1, 2, 3]);

describe('signPayload', () => {
  const signature = signPayload('Heartbeat', payload, privateKey);

  it('is Ed25519 over the labelled payload', () => {
    expect(signature.equals(sign(null, Buffer.from('edge.v1.Heartbeat\0\x01\x02\x03', 'latin1'), privateKey))).toBe(true);
  });

  it('is verified with the key object or the raw key', () => {
    expect(verifyPayload('Heartbeat', payload, signature, publicKey)).toBe(true);
    expect(verifyPayload('Heartbeat', payload, signature, rawPublicKey(publicKey))).toBe(true);
  });

  it.each<[string, () => boolean]>([
    ['another message', () => verifyPayload('Acknowledgement', payload, signature, publicKey)],
    ['another payload', () => verifyPayload('Heartbeat', Buffer.from([1, 2, 4]), signature, publicKey)],
    ['another key', () => verifyPayload('Heartbeat', payload, signature, generateSigningKey().publicKey)],
    ['a key that is none', () => verifyPayload('Heartbeat', payload, signature, Buffer.alloc(5))],
    ['no signature', () => verifyPayload('Heartbeat', payload, Buffer.alloc(0), publicKey)],
  ])('does not pass for %s', (_, verify) => expect(verify()).toBe(false));
});
