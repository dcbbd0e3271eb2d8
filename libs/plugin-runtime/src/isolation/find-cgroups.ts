import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { identify, isAlive } from '../process/process-identity';
import { CgroupGroup, tryWrite } from './cgroup-group';
import { type CgroupController, parseCgroupMounts } from './cgroup-mounts';
import { type CgroupTree, CgroupTreeV1, CgroupTreeV2 } from './cgroup-tree';

const WANTED: readonly CgroupController[] = ['memory', 'pids', 'cpu'];
/** Where a host goes itself: in version 2 a group has processes or groups of its own, never both. */
const HOST_LEAF = 'sluice-host';
const NAME = /^sluice-(\d+)-(\d+)-\w+$/;
let made = 0;

/** Names the next group of this process, so that a later host can tell that this one is gone. */
export function nextGroupName(): string {
  const { pid, startTime } = identify(process.pid) ?? { pid: process.pid, startTime: '0' };
  made += 1;
  return `sluice-${pid}-${startTime ?? '0'}-${made}`;
}

/** Control groups that this process may make, or undefined where it may make none. Removes what hosts left that are gone. */
export function findCgroups(): CgroupTree | undefined {
  const tree = readTree();
  if (tree) sweep(tree);
  return tree;
}

function readTree(): CgroupTree | undefined {
  try {
    const { v1, v2 } = parseCgroupMounts(readFileSync('/proc/self/mountinfo', 'utf8'), readFileSync('/proc/self/cgroup', 'utf8'));
    const writable = new Map([...v1].filter(([, folder]) => mayMakeGroups(folder)));
    if (writable.size > 0) return new CgroupTreeV1(writable);
    return v2 === undefined ? undefined : readV2(v2);
  } catch {
    // No /proc, no control groups.
    return undefined;
  }
}

function readV2(own: string): CgroupTree | undefined {
  const base = own.endsWith(`/${HOST_LEAF}`) ? own.slice(0, -HOST_LEAF.length - 1) : own;
  const available = words(join(base, 'cgroup.controllers'));
  const wanted = WANTED.filter((controller) => available.includes(controller));
  if (wanted.length === 0 || !mayMakeGroups(base)) return undefined;
  const enable = () => wanted.every((controller) => words(join(base, 'cgroup.subtree_control')).includes(controller) || tryWrite(join(base, 'cgroup.subtree_control'), `+${controller}`));
  if (!enable() && (!moveAside(base) || !enable())) return undefined;
  return new CgroupTreeV2(base, new Set(wanted));
}

/** Only a process that is alone in its group may decide that it goes elsewhere. */
function moveAside(base: string): boolean {
  if (words(join(base, 'cgroup.procs')).join() !== String(process.pid)) return false;
  const leaf = join(base, HOST_LEAF);
  if (!existsSync(leaf)) mkdirSync(leaf);
  return tryWrite(join(leaf, 'cgroup.procs'), String(process.pid));
}

function mayMakeGroups(folder: string): boolean {
  const probe = join(folder, `${nextGroupName()}probe`);
  try {
    mkdirSync(probe);
    rmdirSync(probe);
    return true;
  } catch {
    return false;
  }
}

function sweep({ folders }: CgroupTree): void {
  for (const folder of folders) {
    for (const name of readdirSync(folder)) {
      const [, pid, startTime] = NAME.exec(name) ?? [];
      if (pid === undefined || startTime === undefined || isAlive({ pid: Number(pid), startTime })) continue;
      void new CgroupGroup([join(folder, name)], undefined).remove();
    }
  }
}

function words(file: string): string[] {
  return readFileSync(file, 'utf8').split(/\s+/).filter(Boolean);
}
