import { proveChunk, snapshotErrors, type OpenedIndex, type RecordTree, type SnapshotHeader } from '@sluice/config-snapshot';
import type { TimeSlice } from '../time-slice';
import { AllChunks } from './all-chunks';
import { ChangedChunks } from './changed-chunks';
import { ChunkQueue, type ReadChunk } from './chunk-queue';
import type { ContentBase, PreparedContent } from './snapshot-content';

const PREFIXES = Array.from({ length: 256 }, (_, prefix) => prefix);
const HASH_BYTES = 32;

/** Where more chunks than these differ, all are fetched: filling empty tables costs less than changing full ones. */
const MOST_CHANGED = 128;

/** Is given all chunks that are not empty, each proved, in the order of their prefixes. */
export type KeepChunk = (prefix: number, bytes: Buffer) => void;

/**
 * Makes what a checkpoint says out of what is in force and the chunks that differ from it, in slices.
 * @param keep is called when all chunks are fetched, and not at all when only some of them are.
 * @returns `incomplete` when a chunk could not be had.
 * @throws snapshotErrors.badRoot for a chunk that is not the signed one, and what `readRecord` and the tables throw.
 */
export async function fetchCheckpoint(base: ContentBase, { signed, index }: OpenedIndex, readChunk: ReadChunk, slice: TimeSlice, keep?: KeepChunk): Promise<PreparedContent | 'incomplete'> {
  const nodeOf = (prefix: number) => index.subarray(prefix * HASH_BYTES, (prefix + 1) * HASH_BYTES);
  const changed = PREFIXES.filter((prefix) => !nodeOf(prefix).equals(base.tree.node(prefix)));
  const all = base.tables.size === 0 || changed.length > MOST_CHANGED;
  const tables = all ? new AllChunks(signed.header.records) : new ChangedChunks(base);
  for await (const { prefix, bytes } of new ChunkQueue(all ? PREFIXES : changed, nodeOf, readChunk)) {
    if (!bytes) return 'incomplete';
    await slice.pause();
    const chunk = proveChunk(bytes, prefix, nodeOf(prefix));
    if (all && bytes.length > 0) keep?.(prefix, bytes);
    await slice.run(tables.take(prefix, chunk));
  }
  checkRoot(tables.tree, signed.header);
  await slice.run(tables.close());
  return { content: { header: signed.header, signed, tree: tables.tree, tables: tables.finish() }, giveUp: () => undefined };
}

function checkRoot(tree: RecordTree, { epoch, revision, root, records }: SnapshotHeader): void {
  if (tree.size !== records || tree.root() !== root) throw new snapshotErrors.badRoot({ epoch, revision, path: '/header/root' });
}
