import type { SnapshotIdentity } from './snapshot-tag';

/** Who brought something: nothing else is believed about where it came from. */
export type SnapshotSource = 'redis' | 'http';

/**
 * `gap`: it starts from another revision than the applied one. `incomplete`: a part of it could not be fetched; nothing was wrong with
 * what was.
 */
export type SnapshotOutcome = 'applied' | 'unchanged' | 'refused' | 'gap' | 'incomplete';

/** The bytes of a chunk as a source has them; undefined when it has none. */
export type ChunkReader = (prefix: number, nodeValue: string) => Promise<Buffer | undefined>;

/** What a gateway does with bytes that may be anything at all. One call at a time, `revocation` aside; none of them throws. */
export interface SnapshotConsumer {
  /** What is in force; undefined before the first snapshot. */
  applied(): SnapshotIdentity | undefined;
  delta(bytes: Buffer, source: SnapshotSource): SnapshotOutcome | Promise<SnapshotOutcome>;
  /** Asks for those chunks only that differ from what is in force. */
  checkpoint(index: Buffer, source: SnapshotSource, chunk: ChunkReader): Promise<SnapshotOutcome>;
  /** A whole snapshot in format 1. */
  body(bytes: Buffer, source: SnapshotSource): SnapshotOutcome | Promise<SnapshotOutcome>;
  /** At once, whatever else is under way. */
  revocation(bytes: Buffer, source: SnapshotSource): 'applied' | 'unchanged' | 'refused';
}
