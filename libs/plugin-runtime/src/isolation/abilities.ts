import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CgroupTree } from './cgroup-tree';
import type { Tools } from './exec-chain';
import { findCgroups } from './find-cgroups';

const run = promisify(execFile);
/** Ends well only where this process's environment cannot be read: what should hide it is believed when it does. */
const CANNOT_LOOK = "try { require('fs').readFileSync(`/proc/${process.argv[1]}/environ`); process.exitCode = 3 } catch (error) { process.exitCode = /EACCES|EPERM/.test(error.code) ? 0 : 4 }";
/** Whose number does not matter: nothing is asked but whether it can be taken. */
const NOBODY = 65_534;
const PROBE_TIMEOUT_MS = 5_000;
const SYSTEM_FOLDERS = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'];

/** What this process may do to keep plugins apart on this machine. */
export interface Abilities {
  /** It may start a process under another user, which then cannot read this one's environment. A container's root may not. */
  changesUser: boolean;
  /** It may have a process give up its capabilities, which then cannot read this one's environment. */
  dropsPrivileges: boolean;
  /** Those that are there and do what they shall. */
  tools: Tools;
  /** How a plugin gets a network of its own: directly, or inside a user namespace. */
  ownNetwork: 'direct' | 'user-namespace' | null;
  /** A process in a user namespace cannot read this one's environment. */
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
  const hides = (tool: string | undefined, args: readonly string[]) => (tool === undefined ? false : succeeds(tool, [...args, process.execPath, '-e', CANNOT_LOOK, String(process.pid)]));
  const isRoot = process.getuid?.() === 0;
  const bare = ['--no-new-privs', '--pdeathsig=KILL', '--'];
  const [canLimit, canBare, canChange, canDrop, network, users, usersWithNetwork] = await Promise.all([
    works(prlimit, ['--nofile=256']),
    works(setpriv, bare),
    isRoot && hides(setpriv, [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', ...bare]),
    isRoot && hides(setpriv, ['--inh-caps=-all', '--bounding-set=-all', ...bare]),
    works(unshare, ['--net', '--']),
    hides(unshare, ['--user', '--map-current-user', '--']),
    works(unshare, ['--user', '--map-current-user', '--net', '--']),
  ]);
  const ownNetwork = network ? 'direct' : usersWithNetwork ? 'user-namespace' : null;
  return {
    changesUser: canChange,
    dropsPrivileges: canDrop,
    tools: { sh, unshare: users || network ? unshare : undefined, prlimit: canLimit ? prlimit : undefined, setpriv: canBare ? setpriv : undefined },
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
