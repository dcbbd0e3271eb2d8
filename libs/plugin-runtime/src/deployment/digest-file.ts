import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

const CHUNK_BYTES = 1024 * 1024;

/** `sha256:` and the digest of an open file's bytes. Each chunk is handed to `copy` after it was counted in. */
export async function digestFile(source: FileHandle, copy?: (chunk: Uint8Array) => Promise<unknown>): Promise<string> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  for (;;) {
    const { bytesRead } = await source.read(buffer, 0, CHUNK_BYTES, null);
    if (bytesRead === 0) return `sha256:${hash.digest('hex')}`;
    const chunk = buffer.subarray(0, bytesRead);
    hash.update(chunk);
    await copy?.(chunk);
  }
}
