import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Parser, type ReadEntry } from 'tar';
import { ociErrors } from './oci-errors';
import { safePath } from './safe-path';
import type { UnpackBudget } from './unpack-budget';

const FILES: readonly string[] = ['File', 'OldFile', 'ContiguousFile'];
const FOLDERS: readonly string[] = ['Directory', 'GNUDumpDir'];
const KINDS: Readonly<Record<string, string>> = {
  SymbolicLink: 'a symbolic link',
  Link: 'a hard link',
  CharacterDevice: 'a device',
  BlockDevice: 'a device',
  FIFO: 'a named pipe',
};
/** gzip, zstd, xz, bzip2: the parser would unpack the first two on its own account. */
const COMPRESSED = ['1f8b', '28b52ffd', 'fd377a58', '425a68'];
/** A union file system's mark for what an earlier layer had. */
const WHITEOUT = '.wh.';

export interface ArchivedFile {
  /** Relative and plain. */
  path: string;
  executable: boolean;
  /** Has to be read to its end. */
  body: AsyncIterable<Buffer>;
}

/**
 * Reads a tar archive that nobody vouches for. Only files and folders with plain relative paths are allowed, each path once; anything else
 * refuses the archive as a whole. Throws `oci.unsafeArchive`, `oci.badArtifact` (damaged) or `oci.tooLarge`.
 */
export async function readArchive(source: Readable, gzip: boolean, budget: UnpackBudget, onFile: (file: ArchivedFile) => Promise<void>): Promise<void> {
  const reading = new ArchiveReading(budget, onFile);
  const input = gzip ? pipeline(source, createGunzip(), () => undefined) : source;
  try {
    for await (const chunk of input as AsyncIterable<Buffer>) await reading.push(chunk);
    await reading.end();
  } catch (error) {
    await reading.abandon(error);
    if ((error as { code?: unknown }).code?.toString().startsWith('Z_')) {
      throw new ociErrors.badArtifact({}, { detail: `A layer of the plugin is not the gzip that its media type promises (${(error as Error).message}).`, cause: error });
    }
    throw error;
  } finally {
    input.destroy();
    source.destroy();
  }
}

class ArchiveReading {
  private readonly parser: Parser;
  private readonly files = new Set<string>();
  private readonly folders = new Set<string>();
  private failure: unknown;
  private beginning = Buffer.alloc(0);
  private entry: ReadEntry | undefined;
  /** Ends with what is being done with the entry. */
  private handling: Promise<void> = Promise.resolve();
  private wake: () => void = () => undefined;

  constructor(
    private readonly budget: UnpackBudget,
    private readonly onFile: (file: ArchivedFile) => Promise<void>,
  ) {
    this.parser = new Parser({ strict: true, onReadEntry: (entry) => this.take(entry) });
    this.parser.on('ignoredEntry', (entry: ReadEntry) => this.fail(unknownKind(entry)));
    this.parser.on('error', (error: Error) => this.fail(new ociErrors.badArtifact({}, { detail: `A layer of the plugin is not a whole tar archive (${error.message}).`, cause: error })));
    for (const event of ['drain', 'end']) this.parser.on(event, () => this.wake());
  }

  async push(chunk: Buffer): Promise<void> {
    this.budget.takeBytes(chunk.length);
    if (this.beginning.length < 4) this.checkBeginning(chunk);
    const woken = new Promise<void>((resolve) => (this.wake = resolve));
    if (!this.parser.write(chunk) && this.failure === undefined) await woken;
    if (this.failure !== undefined) throw this.failure;
  }

  async end(): Promise<void> {
    const woken = new Promise<void>((resolve) => (this.wake = resolve));
    this.parser.end();
    if (this.failure === undefined) await woken;
    if (this.failure === undefined) await this.handling;
    if (this.failure !== undefined) throw this.failure;
  }

  /** Lets go of the entry that was being read. Resolves when whoever read it has noticed. */
  async abandon(error: unknown): Promise<void> {
    this.failure ??= error;
    this.entry?.destroy(error);
    await this.handling;
  }

  private take(entry: ReadEntry): void {
    this.entry = entry;
    // Whoever reads the entry hears of an error; nobody does while it is only skipped.
    entry.on('error', () => undefined);
    this.handling = this.accept(entry).catch((error: unknown) => {
      this.fail(error);
      entry.resume();
    });
  }

  private fail(error: unknown): void {
    this.failure ??= error;
    this.wake();
  }

  private async accept(entry: ReadEntry): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    this.budget.takeEntry();
    if (!FILES.includes(entry.type) && !FOLDERS.includes(entry.type)) throw unknownKind(entry);
    const path = safePath(entry.path);
    if (path === undefined) refuse(`The archive has an entry with the path ${JSON.stringify(entry.path.slice(0, 200))}; paths have to be relative, plain and inside of it.`);
    if (path.split('/').some((name) => name.startsWith(WHITEOUT))) refuse(`The archive deletes ${path} of an earlier layer; build the plugin in one layer.`);
    if (FOLDERS.includes(entry.type)) {
      this.addFolder(path);
      entry.resume();
      return;
    }
    if (path === '') refuse('The archive has a file without a name.');
    this.addFolder(path.split('/').slice(0, -1).join('/'));
    if (this.files.has(path) || this.folders.has(path)) refuse(`The archive has ${path} twice.`);
    this.files.add(path);
    this.budget.announce(entry.size);
    await this.onFile({ path, executable: ((entry.mode ?? 0) & 0o111) !== 0, body: entry as unknown as AsyncIterable<Buffer> });
  }

  private addFolder(path: string): void {
    for (let folder = path; folder !== ''; folder = folder.split('/').slice(0, -1).join('/')) {
      if (this.files.has(folder)) refuse(`The archive has ${folder} as a file and as a folder.`);
      this.folders.add(folder);
    }
  }

  private checkBeginning(chunk: Buffer): void {
    this.beginning = Buffer.concat([this.beginning, chunk.subarray(0, 4)]);
    if (COMPRESSED.some((magic) => this.beginning.toString('hex').startsWith(magic))) {
      throw new ociErrors.badArtifact({}, { detail: 'A layer of the plugin is compressed in a way that its media type does not say.' });
    }
  }
}

function unknownKind({ type, path }: ReadEntry): Error {
  return new ociErrors.unsafeArchive({ type }, { detail: `The archive has ${KINDS[type] ?? `an entry of the kind ${type}`} in it, ${JSON.stringify(path.slice(0, 200))}; only files and folders are taken.` });
}

function refuse(detail: string): never {
  throw new ociErrors.unsafeArchive({}, { detail });
}
