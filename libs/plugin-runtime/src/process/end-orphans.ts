import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { endLeftBehind } from './end-left-behind';
import { DIRECTORY_NAME, pluginFolderOf, readProcessRecord } from './private-directory';
import { isAlive, type ProcessIdentity } from './process-identity';
import { killGroup } from './kill-group';

/** A directory without a record may be one that another host is just making. */
const UNRECORDED_AGE_MS = 60_000;

/**
 * Ends the plugin processes that a host left behind when it was killed, and removes their directories. A living host's are left
 * alone, so that several hosts may share a run directory; a pid that now belongs to another process is never touched. `proc` is where the
 * machine tells one process from a later one with the same pid; default `/proc`.
 */
export function endOrphans(runDirectory: string, logger: Logger, proc?: string): void {
  for (const name of readdirSync(runDirectory)) {
    if (!DIRECTORY_NAME.test(name)) continue;
    const path = join(runDirectory, name);
    try {
      endOrphan(path, logger, proc);
    } catch (error) {
      logger.warn({ event: 'plugin.orphan_failed', path, err: error }, 'A directory of an earlier host could not be cleaned up.');
    }
  }
}

function endOrphan(path: string, logger: Logger, proc: string | undefined): void {
  const record = readProcessRecord(path);
  if (!record && Date.now() - statSync(path).mtimeMs < UNRECORDED_AGE_MS) return;
  if (record?.host && isAlive(record.host, proc)) return;
  if (record?.plugin && isAlive(record.plugin, proc)) endProcess(record.plugin, path, logger);
  void endDescendants(path, logger, proc);
  rmSync(path, { recursive: true, force: true, maxRetries: 3 });
}

/** Of a plugin that died with its host, what it had started goes on. */
async function endDescendants(path: string, logger: Logger, proc: string | undefined): Promise<void> {
  const pids = await endLeftBehind(pluginFolderOf(path), proc);
  if (pids.length > 0) logger.warn({ event: 'plugin.orphan_ended', pids, path }, 'Ended what a plugin process of an earlier host had started.');
}

function endProcess({ pid, startTime }: ProcessIdentity, path: string, logger: Logger): void {
  if (startTime === null) {
    logger.warn({ event: 'plugin.orphan_left', pid, path }, 'A plugin process of an earlier host may still be there; this machine cannot tell it from another one.');
    return;
  }
  killGroup(pid, 'SIGKILL');
  logger.warn({ event: 'plugin.orphan_ended', pid, path }, 'Ended a plugin process of an earlier host.');
}
