import fs, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { resolve, sep } from 'node:path';
import type { DiskFault } from './faulted-process';

type Operation = (...args: never[]) => Promise<unknown>;
type Methods = Record<string, Operation>;

const WRITES = new Set(['write', 'writev', 'writeFile', 'appendFile']);
const FILE_OPERATIONS = ['write', 'writev', 'writeFile', 'appendFile', 'sync', 'datasync', 'truncate'];
const FOLDER_OPERATIONS = ['rename', 'writeFile', 'appendFile', 'mkdir', 'rm', 'unlink', 'copyFile'];

/** Puts itself in front of everything in `node:fs/promises` that changes a file. */
export function faultyDisk(): { break(fault: DiskFault | null): void } {
  let fault: DiskFault | null = null;
  let operations = 0;

  /** Before an operation on a path. `halve` does half of a write. */
  const before = async (path: string, name: string, halve?: () => Promise<unknown>): Promise<void> => {
    if (!fault || !(path + sep).startsWith(resolve(fault.folder) + sep)) return;
    if (fault.kind === 'killed') {
      if (operations++ !== fault.operation) return;
      // Torn, as a write is that a crash interrupts.
      await halve?.();
      process.kill(process.pid, 'SIGKILL');
      await new Promise(() => undefined);
    } else if (WRITES.has(name)) {
      await halve?.();
      throw Object.assign(new Error(`ENOSPC: no space left on device, ${name}`), { code: 'ENOSPC', errno: -28, syscall: 'write' });
    }
  };

  const promises = fs as unknown as Methods;
  for (const name of FOLDER_OPERATIONS) {
    const real = promises[name]!;
    promises[name] = async (...args: never[]) => {
      await before(pathOf(args[0]), name);
      return real(...args);
    };
  }
  const open = fs.open;
  const paths = new WeakMap<FileHandle, string>();
  let wrapped = false;
  promises['open'] = (async (path: string, ...args: []) => {
    const file = await open(path, ...args);
    paths.set(file, pathOf(path));
    if (!wrapped) wrapFile(Object.getPrototypeOf(file) as Methods);
    wrapped = true;
    return file;
  }) as never;
  syncBuiltinESMExports();

  function wrapFile(prototype: Methods): void {
    for (const name of FILE_OPERATIONS) {
      const real = prototype[name]!;
      prototype[name] = async function (this: FileHandle, ...args: never[]) {
        const [data] = args as unknown[];
        const halve = WRITES.has(name) && Buffer.isBuffer(data) ? () => real.call(this, data.subarray(0, data.length / 2) as never) : undefined;
        await before(paths.get(this) ?? '', name, halve);
        return real.apply(this, args);
      };
    }
  }

  return {
    break: (next) => {
      fault = next;
      operations = 0;
    },
  };
}

function pathOf(path: unknown): string {
  return typeof path === 'string' ? resolve(path) : '';
}
