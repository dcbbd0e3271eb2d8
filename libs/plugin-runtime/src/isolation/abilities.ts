import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CgroupTree } from './cgroup-tree';
import type { Tools } from './exec-chain';
import { findCgroups } from './find-cgroups';

const run = promisify(execFile);
const PROBE_TIMEOUT_MS = 5_000;
const SYSTEM_FOLDERS = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'];

/** What this process may do to keep plugins apart on this machine. */
export interface Abilities {
  isRoot: boolean;
  /** Those that are there and do what they shall. */
  tools: Tools;
  /** How a plugin gets a network of its own: directly, or inside a user namespace. */
  ownNetwork: 'direct' | 'user-namespace' | null;
  userNamespaces: boolean;
  cgroups: CgroupTree | undefined;
}

let found: Promise<Abilities> | undefined;

/** Tries everything out, once for each process: a machine does not change while it runs. */
export function findAbilities(): Promise<Abilities> {
  found ??= probe();
  return found;
}

async function probe(): Promise<Abilities> {
  const [sh, unshare, prlimit, setpriv] = ['sh', 'unshare', 'prlimit', 'setpriv'].map(locate);
  const works = (tool: string | undefined, args: readonly string[]) => (tool === undefined ? false : succeeds(tool, [...args, process.execPath, '--version']));
  const [canLimit, canDrop, network, users, usersWithNetwork] = await Promise.all([
    works(prlimit, ['--nofile=256']),
    works(setpriv, ['--no-new-privs', '--pdeathsig=KILL', '--']),
    works(unshare, ['--net', '--']),
    works(unshare, ['--user', '--map-current-user', '--']),
    works(unshare, ['--user', '--map-current-user', '--net', '--']),
  ]);
  const ownNetwork = network ? 'direct' : usersWithNetwork ? 'user-namespace' : null;
  return {
    isRoot: process.getuid?.() === 0,
    tools: { sh, unshare: users || network ? unshare : undefined, prlimit: canLimit ? prlimit : undefined, setpriv: canDrop ? setpriv : undefined },
    ownNetwork,
    userNamespaces: users,
    cgroups: sh === undefined ? undefined : findCgroups(),
  };
}

function locate(name: string): string | undefined {
  return SYSTEM_FOLDERS.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function succeeds(file: string, args: readonly string[]): Promise<boolean> {
  try {
    await run(file, args, { timeout: PROBE_TIMEOUT_MS, env: {} });
    return true;
  } catch {
    return false;
  }
}
