import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { serverErrors } from '../errors';
import { inspectProcess } from './inspect-process';

interface Owner {
  pid: number;
  startedAt: string;
}

/**
 * Makes this process the owner of a data directory until `release`. An owner that is no longer alive does not count: what it left running is an
 * orphan. Throws `server.directoryInUse`.
 */
export function lockDirectory(directory: string): { release(): void } {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, 'owner.json');
  const mine = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`;
  const owner: Owner = { pid: process.pid, startedAt: inspectProcess(process.pid)?.startedAt ?? '' };
  writeFileSync(mine, JSON.stringify(owner));
  try {
    while (!linkIfAbsent(mine, path)) takeAwayFromDead(directory, path);
  } finally {
    rmSync(mine, { force: true });
  }
  return { release: () => rmSync(path, { force: true }) };
}

/** A link, because it puts the whole file there or nothing. */
function linkIfAbsent(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function takeAwayFromDead(directory: string, path: string): void {
  refuseLivingOwner(directory, path);
  const aside = `${path}.${process.pid}-dead`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  try {
    // Somebody else may have taken it over between the look and the move.
    refuseLivingOwner(directory, aside);
  } catch (error) {
    linkIfAbsent(aside, path);
    throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function refuseLivingOwner(directory: string, path: string): void {
  const owner = readOwner(path);
  if (owner === null || inspectProcess(owner.pid)?.startedAt !== owner.startedAt) return;
  throw new serverErrors.directoryInUse(
    { directory, pid: owner.pid },
    { detail: `${directory} is in use by process ${owner.pid}. Stop that one first, or choose another data directory.` },
  );
}

function readOwner(path: string): Owner | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Owner;
  } catch {
    return null;
  }
}
