import { open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** How many damaged files are kept for someone to look at. */
const KEPT_BAD_FILES = 5;

/** Writes a file that only its owner may read, and waits until it is on the disk. */
export async function writeDurably(path: string, content: Uint8Array | string): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes renames in a folder survive a power cut. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Renames a damaged file to `*.bad-<time>`, so that someone can look at it, and forgets the oldest such files. */
export async function setAside(file: string, nowMs: number): Promise<void> {
  await rename(file, `${file}.bad-${new Date(nowMs).toISOString().replaceAll(':', '')}`);
  const folder = dirname(file);
  const bad = (await readdir(folder)).filter((name) => name.startsWith(basename(file).split(/[.-]/)[0]!) && name.includes('.bad-'));
  const byTime = bad.sort((a, b) => a.slice(a.indexOf('.bad-')).localeCompare(b.slice(b.indexOf('.bad-'))));
  for (const name of byTime.slice(0, -KEPT_BAD_FILES)) await rm(join(folder, name), { force: true });
}
