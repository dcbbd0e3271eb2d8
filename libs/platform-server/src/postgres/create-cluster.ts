import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { serverErrors } from '../errors';
import type { Log } from '../log';
import type { PostgresBinaries } from './binaries';
import { databaseUser } from './database-user';

export interface Cluster {
  dataFolder: string;
  password: string;
}

const initdbTimeoutMs = 120_000;

/** Opens the cluster in `folder`, or makes it. Made elsewhere and then renamed, so that whoever is killed in between leaves no half of one. */
export async function openOrCreateCluster(folder: string, binaries: PostgresBinaries, log: Log): Promise<Cluster> {
  removeUnfinished(folder);
  if (!existsSync(folder)) {
    log('Creating the PostgreSQL data directory');
    const unfinished = `${folder}.new-${randomBytes(4).toString('hex')}`;
    await createCluster(unfinished, binaries);
    renameSync(unfinished, folder);
  }
  const dataFolder = join(folder, 'data');
  const version = readFileSync(join(dataFolder, 'PG_VERSION'), 'utf8').trim();
  if (version !== binaries.majorVersion) {
    throw new serverErrors.otherVersion(
      { folder, version },
      { detail: `${folder} was written by PostgreSQL ${version}, this is ${binaries.majorVersion}. Move it away to start with an empty database.` },
    );
  }
  return { dataFolder, password: readFileSync(join(folder, 'password'), 'utf8') };
}

async function createCluster(folder: string, binaries: PostgresBinaries): Promise<void> {
  const dataFolder = join(folder, 'data');
  const passwordForInitdb = join(folder, 'password-for-initdb');
  const user = databaseUser(dataFolder);
  const password = randomBytes(18).toString('base64url');
  mkdirSync(folder);
  chmodSync(folder, 0o755);
  mkdirSync(dataFolder, { mode: 0o700 });
  writeFileSync(join(folder, 'password'), password, { mode: 0o600 });
  writeFileSync(passwordForInitdb, password, { mode: 0o600 });
  if (user) for (const path of [dataFolder, passwordForInitdb]) chownSync(path, user.uid, user.gid);
  await runInitdb(
    binaries.initdb,
    // The built-in provider sorts alike on every machine. Not syncing saves seconds; what a power cut then takes is an empty database.
    ['-D', dataFolder, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordForInitdb}`, '--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-sync'],
    user,
  );
  rmSync(passwordForInitdb);
}

async function runInitdb(file: string, args: readonly string[], user: ReturnType<typeof databaseUser>): Promise<void> {
  const child = spawn(file, args, { cwd: '/', env: { LC_ALL: 'C', TZ: 'UTC' }, ...user, detached: true, stdio: ['ignore', 'pipe', 'pipe'], timeout: initdbTimeoutMs });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ending = await new Promise<string | number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? `signal ${signal}`));
  });
  if (ending !== 0) {
    throw new serverErrors.startFailed({ ending, output }, { detail: `initdb failed (${ending}):\n${output.trimEnd().split('\n').slice(-8).join('\n')}` });
  }
}

function removeUnfinished(folder: string): void {
  for (const entry of readdirSync(dirname(folder))) {
    if (!entry.startsWith(`${basename(folder)}.new-`)) continue;
    try {
      rmSync(join(dirname(folder), entry), { recursive: true, force: true });
    } catch {
      // The initdb of the killed run is about to notice that nobody waits; the next start removes the rest.
    }
  }
}
