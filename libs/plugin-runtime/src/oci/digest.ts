import { createHash } from 'node:crypto';

/** `sha256:` and 64 hexadecimal digits. Other algorithms are not taken. */
export const DIGEST = /^sha256:[0-9a-f]{64}$/;

export function sha256(bytes: Uint8Array | string): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** The digits of a digest, for names of files and tags. */
export function hexOf(digest: string): string {
  if (!DIGEST.test(digest)) throw new TypeError(`${digest} is not a sha256 digest.`);
  return digest.slice('sha256:'.length);
}
