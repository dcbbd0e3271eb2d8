import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Stack } from '../stack/stack';

/** What the operating system holds for a stack. */
export interface Census {
  /** Processes below studio and gateway. */
  processes: number;
  /** Open file descriptors of studio and gateway that are no sockets. */
  files: number;
  /** Unix sockets that studio and gateway hold. */
  sockets: number;
  /** Their TCP sockets. Those to clients, Redis and Postgres are among them: they are fewer again some time after the last request. */
  tcp: number;
  /** Folders of plugin processes. */
  folders: number;
}

export function takeCensus(stack: Stack): Census {
  const parents = [stack.studio.pid, stack.gateway.pid];
  const hosts = [...parents, ...workersOf(stack.gateway.pid)];
  const unix = socketsIn('/proc/net/unix', 6);
  const tcp = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => [...socketsIn(table, 9)]));
  const descriptors = hosts.flatMap(descriptorsOf);
  return {
    processes: descendants(parents).length,
    files: descriptors.filter((target) => !isSocket(target)).length,
    sockets: descriptors.filter((target) => unix.has(target)).length,
    tcp: descriptors.filter((target) => tcp.has(target)).length,
    folders: ['g', 's'].flatMap((host) => foldersIn(`${stack.folder}/${host}`)).length,
  };
}

/** The processes of a gateway that answer its requests, where these are not its own business: they run the same program. */
export function workersOf(gateway: number): number[] {
  const program = commandOf(gateway);
  return childrenOf(gateway).filter((pid) => commandOf(pid) === program);
}

const isSocket = (target: string) => target.startsWith('socket:');

function descriptorsOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).flatMap((name) => {
    try {
      return [readlinkSync(`${folder}/${name}`)];
    } catch {
      // Closed meanwhile.
      return [];
    }
  });
}

/** As they stand in /proc/<pid>/fd. In a table of the kernel the inode stands in this column. */
function socketsIn(table: string, column: number): Set<string> {
  const lines = existsSync(table) ? readFileSync(table, 'utf8').trim().split('\n').slice(1) : [];
  return new Set(lines.map((line) => `socket:[${line.trim().split(/\s+/)[column]}]`));
}

function descendants(parents: readonly number[]): number[] {
  const below = (pid: number): number[] => childrenOf(pid).flatMap((child) => [child, ...below(child)]);
  return parents.flatMap(below);
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(Number(name)) === parent).map(Number);
}

function commandOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // Ended meanwhile.
    return undefined;
  }
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
