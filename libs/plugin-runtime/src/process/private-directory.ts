import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Logger } from 'pino';
import { pluginErrors } from '../plugin-errors';
import { identify, type ProcessIdentity } from './process-identity';

/** The kernel's limit for the path of a unix socket. */
const MAX_SOCKET_PATH = 107;
/** `/pXXXXXX/s/` and the longest name that go-plugin gives its socket (`plugin` and a random number). */
const BELOW_RUN_DIRECTORY = '/pXXXXXX/s/'.length + 'plugin'.length + 10;

export const DIRECTORY_NAME = /^p[A-Za-z0-9]{6}$/;
const RECORD = 'process.json';
const OTHERS_SEARCH = 0o001;

/** Who made a private directory and which plugin process lives in it. */
export interface ProcessRecord {
  host: ProcessIdentity | null;
  plugin: ProcessIdentity | null;
}

/**
 * Makes the run directory. Throws when sockets below it would have too long a path.
 * @param shared plugins run under users of their own and have to get through it, without seeing what is in it.
 */
export function prepareRunDirectory(runDirectory: string, shared = false): void {
  if (Buffer.byteLength(runDirectory) + BELOW_RUN_DIRECTORY > MAX_SOCKET_PATH) {
    const detail = `The directory for plugin processes may have ${MAX_SOCKET_PATH - BELOW_RUN_DIRECTORY} bytes in its path; ${runDirectory} has ${Buffer.byteLength(runDirectory)}.`;
    throw new pluginErrors.runDirectoryTooLong({ runDirectory }, { detail });
  }
  mkdirSync(runDirectory, { recursive: true, mode: 0o700 });
  if (shared && process.getuid?.() === 0) share(runDirectory);
}

function share(runDirectory: string): void {
  chmodSync(runDirectory, 0o711);
  const closed = ancestors(resolve(runDirectory)).find((folder) => (statSync(folder).mode & OTHERS_SEARCH) === 0);
  if (closed === undefined) return;
  const detail = `Plugins run under users of their own (PLUGIN_UID_RANGE) and cannot get to ${runDirectory}, because ${closed} is closed to them: chmod o+x it, or choose another PLUGIN_RUN_DIR.`;
  throw new pluginErrors.runDirectoryClosed({ runDirectory, closed }, { detail });
}

function ancestors(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [] : [parent, ...ancestors(parent)];
}

/**
 * A directory with a short, unguessable name for one plugin process, open to this user only. What the host keeps there lies in it; the
 * plugin has a folder of its own below, the only place where it may write.
 */
export class PrivateDirectory {
  private constructor(
    readonly path: string,
    private readonly logger: Logger,
  ) {}

  static create(runDirectory: string, logger: Logger): PrivateDirectory {
    const directory = new PrivateDirectory(mkdtempSync(join(runDirectory, 'p')), logger);
    mkdirSync(directory.pluginFolder, { mode: 0o700 });
    directory.write({ host: identify(process.pid) ?? null, plugin: null });
    return directory;
  }

  /** For the plugin's socket and temporary files. */
  get pluginFolder(): string {
    return pluginFolderOf(this.path);
  }

  /** The host's name for the plugin's socket. */
  get pluginSocket(): string {
    return join(this.path, 'plugin.sock');
  }

  /** Makes it the place of a process under another user, which sees its own folder and nothing else. */
  giveTo(uid: number): void {
    const own = process.getuid?.() ?? 0;
    chownSync(this.pluginFolder, uid, uid);
    chownSync(this.path, own, uid);
    chmodSync(this.path, 0o710);
  }

  /** Lets that user connect to the host's socket, once there is one. */
  giveSocketTo(uid: number): void {
    chownSync(this.brokerSocket, process.getuid?.() ?? 0, uid);
    chmodSync(this.brokerSocket, 0o660);
  }

  get brokerSocket(): string {
    return join(this.path, 'host.sock');
  }

  /** Notes which process lives here, for a host that starts after this one was killed. */
  recordProcess(pid: number): void {
    this.write({ host: identify(process.pid) ?? null, plugin: identify(pid) ?? null });
  }

  /** Never throws: a plugin may have made something in it that cannot be removed. A later host tries again. */
  remove(): void {
    try {
      rmSync(this.path, { recursive: true, force: true, maxRetries: 3 });
    } catch (error) {
      this.logger.warn({ event: 'plugin.directory_left', path: this.path, err: error }, 'The private directory of a plugin process could not be removed.');
    }
  }

  private write(record: ProcessRecord): void {
    const temporary = join(this.path, `${RECORD}.new`);
    writeFileSync(temporary, JSON.stringify(record), { mode: 0o600 });
    renameSync(temporary, join(this.path, RECORD));
  }
}

/** Where the plugin of a private directory may write. */
export function pluginFolderOf(directory: string): string {
  return join(directory, 's');
}

/** The record of a private directory, or undefined when there is none that can be read. */
export function readProcessRecord(directory: string): ProcessRecord | undefined {
  try {
    return JSON.parse(readFileSync(join(directory, RECORD), 'utf8')) as ProcessRecord;
  } catch {
    return undefined;
  }
}
