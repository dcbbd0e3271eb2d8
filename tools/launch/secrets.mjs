/** Keys and passwords of the demo: made once, kept in a file that only its owner reads. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { keep, readKept } from './kept-file.mjs';

export function loadSecrets(dataDirectory) {
  const file = join(dataDirectory, 'secrets.json');
  const kept = readKept(file);
  if (kept) return kept;
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const secrets = {
    adminEmail: 'admin@sluice.local',
    adminPassword: randomBytes(12).toString('base64url'),
    studioSecretKey: randomBytes(32).toString('base64'),
    edgeSharedKey: randomBytes(32).toString('base64'),
    edgeJoinToken: randomBytes(24).toString('base64url'),
    snapshotSigningKey: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
    snapshotPublicKey: publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64'),
  };
  keep(file, secrets);
  return secrets;
}
