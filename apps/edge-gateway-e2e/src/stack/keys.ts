import { generateKeyPairSync, randomBytes } from 'node:crypto';

/** What studio and gateways of one stack share. */
export interface StackKeys {
  edgeSharedKey: string;
  edgeJoinToken: string;
  studioSecretKey: string;
  signingKey: string;
  publicKey: string;
}

export function newKeys(): StackKeys {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    edgeSharedKey: randomBytes(32).toString('base64'),
    edgeJoinToken: randomBytes(24).toString('base64url'),
    studioSecretKey: randomBytes(32).toString('base64'),
    signingKey: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64'),
  };
}
