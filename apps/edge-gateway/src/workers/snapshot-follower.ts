import type { SnapshotConsumer, SnapshotOutcome } from '@sluice/edge-link';
import type { Change, Piece } from './messages';

/** Of what the primary brings it is not known who brought it there. */
const SOURCE = 'redis';

interface EarlyRevocation {
  bytes: Buffer;
  resolve(): void;
  reject(error: Error): void;
}

/** Fetches a piece of a change from the primary. */
export type ReadPiece = (source: number, part: number, offset: number) => Promise<Piece>;

/**
 * Applies in a worker what the primary has applied: the same bytes, with the same code, one step after the other. Revocations do not wait
 * for their turn.
 */
export class SnapshotFollower {
  private queue: Promise<void> = Promise.resolve();
  private queued = 0;
  /** Revocations that came while steps were under way: each is tried again after every one of these. */
  private early: EarlyRevocation[] = [];

  constructor(
    private readonly consumer: SnapshotConsumer,
    private readonly readPiece: ReadPiece,
  ) {}

  /** Resolves when it is in force. Rejects when it is refused here, and then this process does not have what the others have. */
  apply(change: Change): Promise<void> {
    this.queued += 1;
    const applied = this.queue.then(() => this.take(change));
    this.queue = applied.catch(() => undefined);
    return applied;
  }

  /**
   * Resolves when its tokens are refused: at once, or when the steps under way are done, if they are what it belongs to. Rejects when it is
   * refused here.
   */
  revoke(revocation: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      const early = { bytes: asBuffer(revocation), resolve, reject };
      const outcome = this.try(early);
      if (this.queued > 0) this.early.push(early);
      // It is part of what is in force, or has been taken before.
      else if (outcome === 'unchanged') resolve();
    });
  }

  private try({ bytes, resolve, reject }: EarlyRevocation): ReturnType<SnapshotConsumer['revocation']> {
    const outcome = this.consumer.revocation(bytes, SOURCE);
    if (outcome === 'applied') resolve();
    if (outcome === 'refused') reject(new Error('A revocation that the primary has applied is refused here.'));
    return outcome;
  }

  private async take(change: Change): Promise<void> {
    const reading: { failure?: unknown } = {};
    const outcome = await this.bring(change, reading);
    this.queued -= 1;
    for (const early of this.early) this.try(early);
    if (this.queued === 0) for (const { resolve } of this.early.splice(0)) resolve();
    if (outcome !== 'applied' && outcome !== 'unchanged') throw new Error(`The ${change.kind} that the primary has applied is ${outcome} here.`, { cause: reading.failure });
  }

  /** Of a checkpoint `reading` has the first failure: whoever asks for chunks hears only that there are none. */
  private async bring({ kind, source, head }: Change, reading: { failure?: unknown }): Promise<SnapshotOutcome> {
    const chunk = (prefix: number) =>
      this.read(source, prefix).catch((error: unknown) => {
        reading.failure ??= error;
        throw error;
      });
    if (kind === 'whole') return this.consumer.checkpoint(asBuffer(head), SOURCE, chunk);
    const bytes = head.length > 0 ? asBuffer(head) : await this.read(source, 0);
    return kind === 'delta' ? this.consumer.delta(bytes, SOURCE) : this.consumer.body(bytes, SOURCE);
  }

  private async read(source: number, part: number): Promise<Buffer> {
    const first = await this.readPiece(source, part, 0);
    const pieces = [first.bytes];
    for (let read = first.bytes.length; read < first.length; ) {
      const { bytes } = await this.readPiece(source, part, read);
      if (bytes.length === 0) throw new Error('The primary has less of a change than it said.');
      pieces.push(bytes);
      read += bytes.length;
    }
    return Buffer.concat(pieces);
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
