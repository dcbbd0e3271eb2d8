import { sign, verify, type KeyObject } from 'node:crypto';
import { importPublicKey } from '@sluice/config-snapshot';

/** The messages of `edge.v1` that gateways sign. */
export type SignedMessage = 'Registration' | 'CrashReport' | 'Heartbeat' | 'Acknowledgement' | 'PayloadBatch' | 'RefusedCalls';

/** Ed25519 over `edge.v1.<Message>`, a zero byte and the payload, so that no message passes for another kind. */
export function signPayload(messageName: SignedMessage, payload: Uint8Array, privateKey: KeyObject): Buffer {
  return sign(null, labelled(messageName, payload), privateKey);
}

/**
 * Whether the holder of the key signed this payload as this kind of message.
 * @param publicKey a key object, or the raw 32 bytes as they were registered. Anything else is not verified.
 */
export function verifyPayload(messageName: SignedMessage, payload: Uint8Array, signature: Uint8Array, publicKey: KeyObject | Uint8Array): boolean {
  try {
    const key = publicKey instanceof Uint8Array ? importPublicKey(publicKey) : publicKey;
    return verify(null, labelled(messageName, payload), key, signature);
  } catch {
    return false;
  }
}

function labelled(messageName: SignedMessage, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`edge.v1.${messageName}\0`, 'latin1'), payload]);
}
