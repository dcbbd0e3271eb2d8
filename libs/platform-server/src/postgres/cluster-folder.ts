import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { isOrphanRunning } from './orphan';
import { isReachableByAll, makePublicFolder, ownFolder } from './public-folder';

/**
 * The folder that holds the database's files for a data directory: a folder in it, or, where root's data directory cannot be entered by the
 * database's user (a checkout under /root), one of root's own folders that is found again by the data directory's path.
 */
export function clusterFolder(dataDirectory: string): string {
  const directory = realpathSync(dataDirectory);
  if (process.getuid?.() !== 0 || isReachableByAll(directory)) return join(directory, 'cluster');
  const outside = makePublicFolder(join(ownFolder(), 'clusters'));
  forgetDeletedCheckouts(outside);
  const home = makePublicFolder(join(outside, createHash('sha256').update(directory).digest('hex').slice(0, 16)));
  writeFileSync(join(home, 'origin'), directory);
  return join(home, 'cluster');
}

/** A deleted checkout takes its data along, wherever that had to lie. */
function forgetDeletedCheckouts(outside: string): void {
  for (const name of readdirSync(outside)) {
    const home = join(outside, name);
    try {
      if (existsSync(readFileSync(join(home, 'origin'), 'utf8'))) continue;
      if (!isOrphanRunning(join(home, 'cluster', 'data'))) rmSync(home, { recursive: true, force: true });
    } catch {
      // Being made or removed by another process.
    }
  }
}
