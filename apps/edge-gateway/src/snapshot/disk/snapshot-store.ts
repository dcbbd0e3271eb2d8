import { rename, rm } from 'node:fs/promises';
import type { Clock } from '@sluice/kernel';
import type { SnapshotContent } from '../content/snapshot-content';
import { TimeSlice } from '../time-slice';
import { CheckpointCopy } from './checkpoint-copy';
import { writeCheckpoint, type FrozenContent } from './checkpoint-file';
import { DeltaJournal } from './delta-journal';
import { syncFolder } from './durable-files';
import { Format1Store } from './format-1-store';
import { Generations } from './generations';
import { loadStored, type StoredReader } from './load-stored';

/** Then a checkpoint is worth its writing, */
const MANY_DELTAS = 256;
/** but not more often than this, */
const CALM_MS = 600_000;
/** unless a start would take too long with all of these. */
const TOO_MANY_DELTAS = 2_048;
const TOO_MANY_BYTES = 8 * 1_048_576;

/** After an error, such as a full disk. */
const RETRY_MS = 30_000;

/** What is to be kept, and a copy of its chunks where there is one. */
type Whole = FrozenContent & { copy: CheckpointCopy | undefined };

/**
 * What was applied, on disk: a checkpoint and the journal of deltas after it, two generations of them. A checkpoint is complete under
 * its name or not there: temporary file, fsync, rename, fsync of the folder. What fails is told and tried again.
 */
export class SnapshotStore {
  private readonly generations: Generations;
  private readonly format1: Format1Store;
  private generation = 0;
  private copies = 0;
  private journal: DeltaJournal | undefined;
  private checkpointedAtMs = -Infinity;
  private writing: Promise<void> | undefined;
  private next: { content: Whole; done: Promise<void> } | undefined;
  private failed: { error: unknown; cancelRetry: () => void } | undefined;
  /** What was applied last: between two turns its tree and tables belong together. */
  private latest: SnapshotContent | undefined;
  private closed = false;

  constructor(
    private readonly folder: string,
    private readonly clock: Clock,
    private readonly onFailure: (error: unknown) => void,
  ) {
    this.generations = new Generations(folder);
    this.format1 = new Format1Store(folder, clock);
  }

  /** Offers what is stored. Where it ends, `keepDelta` goes on. */
  async load(reader: StoredReader): Promise<void> {
    // What is left lying about is no reason to start without what is stored.
    await this.generations.removeCopies().catch((error: unknown) => this.onFailure(error));
    const journal = await loadStored(this.generations, this.format1, reader, () => this.clock.now());
    const { checkpoints, journals } = await this.generations.list();
    this.generation = Math.max(0, ...checkpoints, ...journals);
    if (journal) this.journal = new DeltaJournal(this.generations.journal(journal.generation), journal);
  }

  /** Keeps a delta that was applied, which gave `content`. Resolves when it is on the disk. */
  async keepDelta(content: SnapshotContent, delta: Uint8Array): Promise<void> {
    const { journal } = this;
    this.latest = content;
    if (!journal?.usable) return this.keepWhole(content);
    const appended = journal.append(delta);
    if (this.isLong(journal)) this.keepWhole(content).catch(() => undefined);
    try {
      await appended;
    } catch (error) {
      this.onFailure(error);
      this.keepWhole(this.latest).catch(() => undefined);
      throw error;
    }
  }

  /** Begins to copy a checkpoint while it is fetched; give it to `keepWhole`, or abandon it. */
  copyOf(indexBlob: Buffer): CheckpointCopy {
    return new CheckpointCopy(this.generations.copy(++this.copies), indexBlob, () => this.generations.makeFolder());
  }

  /**
   * Keeps all of a revision. At most one waits while another one is written, and a newer one takes its place.
   * @param copy of its chunks, as they were fetched
   */
  async keepWhole(content: SnapshotContent, copy?: CheckpointCopy): Promise<void> {
    const { signed, tables, tree } = content;
    this.latest = content;
    // Its signature proves nothing of what a checkpoint consists of.
    if (!signed) return;
    // Forked in this very turn: the next delta changes the tree.
    await this.keepFrozen({ signed, tables, tree: tree.fork(), copy });
  }

  /** Keeps a whole snapshot in format 1, and nothing newer: what an older studio says now is what holds. */
  async keepBody(body: Uint8Array): Promise<void> {
    this.latest = undefined;
    await this.format1.save(body);
    await this.journal?.close();
    this.journal = undefined;
    await this.generations.removeAll();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.failed?.cancelRetry();
    await this.writing?.catch(() => undefined);
    await this.journal?.close();
  }

  private keepFrozen(content: Whole): Promise<void> {
    if (this.failed) {
      void content.copy?.abandon();
      return Promise.reject(this.failed.error as Error);
    }
    if (this.next) {
      void this.next.content.copy?.abandon();
      this.next.content = content;
      return this.next.done;
    }
    if (!this.writing) return (this.writing = this.write(content).finally(() => (this.writing = undefined)));
    const next = { content, done: Promise.resolve() };
    next.done = this.writing.catch(() => undefined).then(() => {
      this.next = undefined;
      return this.keepFrozen(next.content);
    });
    this.next = next;
    return next.done;
  }

  private async write(content: Whole): Promise<void> {
    if (this.closed) return content.copy?.abandon();
    const generation = ++this.generation;
    // What comes from here on goes into the journal that follows this checkpoint; what came while it waited is in the one before.
    const before = this.journal;
    this.journal = new DeltaJournal(this.generations.journal(generation));
    const path = this.generations.checkpoint(generation);
    try {
      await before?.close();
      await this.generations.makeFolder();
      if (!(await content.copy?.finish(path))) {
        await writeCheckpoint(`${path}.tmp`, content, new TimeSlice());
        await rename(`${path}.tmp`, path);
      }
      await syncFolder(this.folder);
      this.checkpointedAtMs = this.clock.now();
      await this.generations.keepFrom(generation);
      await this.format1.remove();
    } catch (error) {
      this.onFailure(error);
      // Half a file on a full disk is in the way.
      await rm(`${path}.tmp`, { force: true }).catch(() => undefined);
      this.failed = { error, cancelRetry: this.clock.after(RETRY_MS, () => this.retry()) };
      throw error;
    }
  }

  private retry(): void {
    this.failed = undefined;
    if (this.latest && !this.closed) this.keepWhole(this.latest).catch(() => undefined);
  }

  private isLong({ count, bytes }: DeltaJournal): boolean {
    if (this.writing || this.failed) return false;
    return count >= TOO_MANY_DELTAS || bytes >= TOO_MANY_BYTES || (count >= MANY_DELTAS && this.clock.now() - this.checkpointedAtMs >= CALM_MS);
  }
}
