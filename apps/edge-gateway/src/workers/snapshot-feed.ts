import { encodeIndex, type Revocation } from '@sluice/config-snapshot';
import type { SnapshotContent } from '../snapshot/content/snapshot-content';
import type { CurrentState } from '../snapshot/current-state';
import type { CheckpointCopy } from '../snapshot/disk/checkpoint-copy';
import type { StoredReader } from '../snapshot/disk/load-stored';
import type { SnapshotStore } from '../snapshot/disk/snapshot-store';
import type { Enforcement } from '../snapshot/enforcement';
import type { GatewayState } from '../snapshot/gateway-state';
import type { SnapshotReporter } from '../snapshot/snapshot-reporter';
import { BytesSource, type ChangeSource, ContentSource } from './change-source';
import type { EnforcedEverywhere } from './enforced-everywhere';
import type { Change, Piece } from './messages';

/** A delta of this size comes with the news of it. */
const INLINE_BYTES = 65_536;

type Store = Pick<SnapshotStore, 'load' | 'copyOf' | 'keepDelta' | 'keepWhole' | 'keepBody' | 'close'>;

/** Who hands changes on. */
export interface FeedListener {
  changed(change: Change): void;
  revoked(number: number, bytes: Uint8Array): void;
}

interface NumberedSource {
  source: ChangeSource;
  /** Of the change that it belongs to. */
  number: number;
}

/**
 * Hands on to the workers what the primary has verified and put into force. It stands where all of that comes by, before the store and before
 * the reports: what is stored goes on to the store at once, and what is reported waits until every worker enforces it.
 */
export class SnapshotFeed implements Store, Pick<SnapshotReporter, 'applied'> {
  private listener: FeedListener | undefined;
  private number = 0;
  private content: SnapshotContent | undefined;
  /** Of a snapshot in format 1, whose signature proves these bytes alone. */
  private body: Uint8Array | undefined;
  private whole: Change | undefined;
  private lastSource = 0;
  private readonly sources = new Map<number, NumberedSource>();
  private revocations: { revocation: Revocation; bytes: Uint8Array }[] = [];
  private revocationNumber = 0;

  constructor(
    private readonly store: Store,
    private readonly current: CurrentState,
    private readonly enforcement: Pick<Enforcement, 'content'>,
    private readonly everywhere: EnforcedEverywhere,
    private readonly reports: SnapshotReporter,
  ) {}

  /** Tells of every change from now on. */
  listen(listener: FeedListener): void {
    this.listener = listener;
  }

  /** The number of the newest change; 0 before the first. */
  get newest(): number {
    return this.number;
  }

  /** All of the configuration, and what was taken back since, for a worker that has nothing. */
  now(): { change: Change | null; revocations: Uint8Array[] } {
    return { change: this.wholeNow(), revocations: this.revocations.map(({ bytes }) => bytes) };
  }

  /** Rejects for a source that nobody needs any more. */
  piece(source: number, part: number, offset: number): Promise<Piece> {
    const found = this.sources.get(source);
    return found ? found.source.read(part, offset) : Promise.reject(new Error('This change has been superseded.'));
  }

  /** No worker that is there needs this change any more, nor those before it. One that begins later gets all there is then. */
  forgetUpTo(number: number): void {
    for (const [id, source] of this.sources) if (source.number <= number) this.sources.delete(id);
    if (this.number <= number) this.whole = undefined;
  }

  /** The primary refuses these tokens already. */
  revoked(revocation: Revocation, bytes: Uint8Array): void {
    this.revocations.push({ revocation, bytes });
    this.listener?.revoked(++this.revocationNumber, bytes);
  }

  keepDelta(content: SnapshotContent, delta: Uint8Array): Promise<void> {
    this.take(content, () => this.carry('delta', delta));
    return this.store.keepDelta(content, delta);
  }

  copyOf(indexBlob: Buffer): CheckpointCopy {
    return this.store.copyOf(indexBlob);
  }

  keepWhole(content: SnapshotContent, copy?: CheckpointCopy): Promise<void> {
    this.take(content, () => this.wholeNow()!);
    return this.store.keepWhole(content, copy);
  }

  keepBody(body: Uint8Array): Promise<void> {
    this.take(this.enforcement.content!, () => this.carry('body', body), body);
    return this.store.keepBody(body);
  }

  load(reader: StoredReader): Promise<void> {
    return this.store.load({
      checkpoint: (index, chunk, file) => reader.checkpoint(index, chunk, file),
      delta: (delta, file) => reader.delta(delta, file),
      body: (body, file) => {
        this.body = body;
        return reader.body(body, file);
      },
    });
  }

  close(): Promise<void> {
    return this.store.close();
  }

  applied(state: GatewayState): void {
    const { content } = this.enforcement;
    // What lay on the disk is not stored anew, and has not come by.
    if (content && content !== this.content) this.take(content, () => this.wholeNow()!, content.signed ? undefined : this.body);
    const { number } = this;
    this.everywhere.whenReached(number, () => {
      if (number === this.number) this.reports.applied(state);
    });
  }

  private take(content: SnapshotContent, change: () => Change, body?: Uint8Array): void {
    this.number += 1;
    this.content = content;
    this.body = body;
    this.whole = undefined;
    const { epoch, revision } = content.header;
    this.revocations = this.revocations.filter(({ revocation }) => revocation.epoch === epoch && revocation.revision > revision);
    this.everywhere.expect(this.number, this.current.get()!);
    this.listener?.changed(change());
  }

  private wholeNow(): Change | null {
    const { content } = this;
    if (!content) return null;
    return (this.whole ??= content.signed ? this.freeze(content, content.signed) : this.carry('body', this.body!));
  }

  // Forked in the turn in which it is in force: the next delta changes the tree.
  private freeze({ tree, tables }: SnapshotContent, signed: NonNullable<SnapshotContent['signed']>): Change {
    const frozen = { signed, tables, tree: tree.fork() };
    return { number: this.number, kind: 'whole', source: this.add(new ContentSource(frozen)), head: encodeIndex(signed, frozen.tree) };
  }

  private carry(kind: 'delta' | 'body', bytes: Uint8Array): Change {
    const inline = bytes.length <= INLINE_BYTES;
    return { number: this.number, kind, source: inline ? 0 : this.add(new BytesSource(bytes)), head: inline ? bytes : new Uint8Array() };
  }

  private add(source: ChangeSource): number {
    this.sources.set(++this.lastSource, { source, number: this.number });
    return this.lastSource;
  }
}
