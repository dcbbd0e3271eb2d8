import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { generateSealingKey, parseSealingKey } from '@sluice/config-snapshot';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder, writeDurably } from './disk/durable-files';

/** Who a gateway is. Both keys are made once and kept in the state folder; whoever copies that folder copies the gateway. */
export interface GatewayIdentity {
  /** Ed25519: the studio recognises the gateway by it. */
  signingKey: KeyObject;
  /** X25519: the studio seals keys to it. */
  sealingKey: KeyObject;
}

export async function loadIdentity(folder: string): Promise<GatewayIdentity> {
  return {
    signingKey: await loadKey(folder, 'identity.pem', createPrivateKey, () => generateKeyPairSync('ed25519').privateKey),
    sealingKey: await loadKey(folder, 'sealing.pem', parseSealingKey, generateSealingKey),
  };
}

/** One that cannot be read is not replaced: it may be a fault of the disk that passes, and a new key is another gateway. */
async function loadKey(folder: string, file: string, parse: (pem: string) => KeyObject, make: () => KeyObject): Promise<KeyObject> {
  const path = join(folder, file);
  const pem = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return pem === undefined ? keepKey(folder, path, make()) : parseKey(path, pem, parse);
}

function parseKey(path: string, pem: string, parse: (pem: string) => KeyObject): KeyObject {
  try {
    return parse(pem);
  } catch (cause) {
    throw new Error(`${path} is not the key that this gateway wrote. Put it back, or remove the state folder and enrol again.`, { cause });
  }
}

async function keepKey(folder: string, path: string, key: KeyObject): Promise<KeyObject> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeDurably(`${path}.tmp`, key.export({ type: 'pkcs8', format: 'pem' }));
  await rename(`${path}.tmp`, path);
  await syncFolder(folder);
  return key;
}
