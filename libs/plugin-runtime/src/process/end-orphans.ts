import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { DIRECTORY_NAME, readProcessRecord } from './private-directory';
import { isAlive } from './process-identity';
import { killGroup } from './kill-group';

/** A directory without a record may be one that another host is just making. */
const UNRECORDED_AGE_MS = 60_000;

/**
 * Ends the plugin processes that a host left behind when it was killed, and removes their directories. A living host's are left
 * alone, so that several hosts may share a run directory; a pid that now belongs to another process is never touched.
 */
export function endOrphans(runDirectory: string, logger: Logger): void {
  for (const name of readdirSync(runDirectory)) {
    if (!DIRECTORY_NAME.test(name)) continue;
    const path = join(runDirectory, name);
    try {
      endOrphan(path, logger);
    } catch (error) {
      logger.warn({ event: 'plugin.orphan_failed', path, err: error }, 'A directory of an earlier host could not be cleaned up.');
    }
  }
}

function endOrphan(path: string, logger: Logger): void {
  const record = readProcessRecord(path);
  if (!record && Date.now() - statSync(path).mtimeMs < UNRECORDED_AGE_MS) return;
  if (record?.host && isAlive(record.host)) return;
  if (record?.plugin && isAlive(record.plugin)) {
    killGroup(record.plugin.pid, 'SIGKILL');
    logger.warn({ event: 'plugin.orphan_ended', pid: record.plugin.pid, path }, 'Ended a plugin process of an earlier host.');
  }
  rmSync(path, { recursive: true, force: true, maxRetries: 3 });
}
