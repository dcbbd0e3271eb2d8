import { chmodSync, lstatSync, mkdirSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const OTHERS_MAY_ENTER = 0o001;
const OTHERS_MAY_WRITE = 0o022;

/** Whether any user can reach the folder: every folder on the way lets others pass. */
export function isReachableByAll(path: string): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    if ((statSync(folder).mode & OTHERS_MAY_ENTER) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** A folder that all may enter, whatever the umask. */
export function makePublicFolder(path: string): string {
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o755);
  return path;
}

/**
 * Where this user keeps what outlives a checkout. For root a place that the unprivileged user of the database can enter; nobody else may have made it
 * or may write there, since programs are run from it.
 */
export function ownFolder(): string {
  const uid = process.getuid?.() ?? 0;
  const candidates = uid === 0 ? ['/var/lib/sluice', '/var/tmp/sluice-root', join(tmpdir(), 'sluice-root')] : [join(homedir(), '.cache', 'sluice'), join(tmpdir(), `sluice-${uid}`)];
  const failures: string[] = [];
  for (const candidate of candidates) {
    try {
      const isNew = mkdirSync(candidate, { recursive: true }) !== undefined;
      const { mode, uid: owner } = lstatSync(candidate);
      if (owner === uid && (isNew || (mode & OTHERS_MAY_WRITE) === 0) && (uid !== 0 || isReachableByAll(dirname(candidate)))) return makePublicFolder(candidate);
      failures.push(`${candidate} belongs to or is closed to others`);
    } catch (error) {
      failures.push((error as Error).message);
    }
  }
  throw new Error(`No folder for the embedded database's programs: ${failures.join('; ')}`);
}
