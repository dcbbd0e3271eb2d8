import { createPrivateKey, generateKeyPairSync, hkdfSync } from 'node:crypto';
import type { JWK } from 'oidc-provider';
import type { Store } from './store/store';

const MINIMUM_BITS = 2048;

export interface Keys {
  /** What ID tokens are signed with. */
  signing: JWK;
  /** What cookies are signed with; follows from the other. */
  cookies: string;
}

/** The configured key, or one that is made once. Throws a sentence when the configured one cannot be used. */
export async function loadKeys(configured: string | undefined, store: Store): Promise<Keys> {
  const pem = configured ?? (await store.once('signing-key', makeKey));
  return { signing: { ...readKey(pem), use: 'sig', alg: 'RS256' }, cookies: Buffer.from(hkdfSync('sha256', pem, '', 'cookies', 32)).toString('base64url') };
}

function makeKey(): string {
  return generateKeyPairSync('rsa', { modulusLength: MINIMUM_BITS }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function readKey(pem: string): JWK {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= MINIMUM_BITS) return key.export({ format: 'jwk' }) as JWK;
  } catch {
    // The sentence below says all there is to say; what OpenSSL says might quote the key.
  }
  throw new Error(`The config value "signing_key" must be an RSA key of ${MINIMUM_BITS} bits or more, PKCS#8 in PEM.`);
}
