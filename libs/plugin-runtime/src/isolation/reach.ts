import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';

const OTHERS_READ = 0o004;
const OTHERS_SEARCH = 0o001;

/** What keeps other users from a file: itself, or a folder on the way to it. undefined: nothing does. */
export async function obstacleFor(path: string): Promise<string | undefined> {
  const ways: string[] = [];
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    ways.unshift(folder);
    if (folder === dirname(folder)) break;
  }
  for (const folder of ways) {
    if (((await stat(folder)).mode & OTHERS_SEARCH) === 0) return folder;
  }
  return ((await stat(path)).mode & OTHERS_READ) === 0 ? path : undefined;
}
