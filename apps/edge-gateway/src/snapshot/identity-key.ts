import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder, writeDurably } from './disk/durable-files';

/**
 * The Ed25519 key by which the studio recognises this gateway. Made once and kept in the state folder; whoever copies that folder
 * copies the gateway.
 */
export async function loadIdentityKey(folder: string): Promise<KeyObject> {
  const path = join(folder, 'identity.pem');
  const pem = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return pem === undefined ? createIdentityKey(folder, path) : createPrivateKey(pem);
}

async function createIdentityKey(folder: string, path: string): Promise<KeyObject> {
  const { privateKey } = generateKeyPairSync('ed25519');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeDurably(`${path}.tmp`, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  await rename(`${path}.tmp`, path);
  await syncFolder(folder);
  return privateKey;
}
