import { proveChunk, readRecord, snapshotErrors, type OpenedIndex, type ProvedChunk, type RecordTree, type SnapshotHeader } from '@sluice/config-snapshot';
import { TablesDraft } from '../tables/tables-draft';
import type { SnapshotTables } from '../tables/snapshot-tables';
import type { TimeSlice } from '../time-slice';
import { ChunkQueue, type ReadChunk } from './chunk-queue';
import type { ContentBase, PreparedContent } from './snapshot-content';
import { splitHashes } from './split-hashes';

const PREFIXES = 256;
const HASH_BYTES = 32;

/** What has been found out about a checkpoint so far. */
interface Findings {
  base: SnapshotTables;
  draft: TablesDraft;
  /** Hashes (hex) of records that are not there any more. */
  gone: Set<string>;
  /** Those among them whose records are there in another version. */
  replaced: Set<string>;
}

/**
 * Makes what a checkpoint says out of what is in force and the chunks that differ from it, in slices.
 * @returns `incomplete` when a chunk could not be had.
 * @throws snapshotErrors.badRoot for a chunk that is not the signed one, and what `readRecord` and the tables throw.
 */
export async function fetchCheckpoint(base: ContentBase, { signed, index }: OpenedIndex, readChunk: ReadChunk, slice: TimeSlice): Promise<PreparedContent | 'incomplete'> {
  const tree = base.tree.fork();
  const findings = { base: base.tables, draft: new TablesDraft(base.tables), gone: new Set<string>(), replaced: new Set<string>() };
  const nodeOf = (prefix: number) => index.subarray(prefix * HASH_BYTES, (prefix + 1) * HASH_BYTES);
  const prefixes = Array.from({ length: PREFIXES }, (_, prefix) => prefix).filter((prefix) => !nodeOf(prefix).equals(base.tree.node(prefix)));
  for await (const { prefix, bytes } of new ChunkQueue(prefixes, nodeOf, readChunk)) {
    if (!bytes) return 'incomplete';
    await slice.pause();
    const chunk = proveChunk(bytes, prefix, nodeOf(prefix));
    const { added, removed } = splitHashes(base.tree.hashes(prefix), chunk.hashes);
    tree.replace(prefix, chunk.hashes, chunk.leaves);
    for (const hash of removed) findings.gone.add(hash);
    await slice.run(putAll(findings, chunk, added));
  }
  await slice.run(removeGone(findings));
  checkRoot(tree, signed.header);
  await slice.run(findings.draft.close());
  return { content: { header: signed.header, signed, tree, tables: findings.draft.finish(tree.size) }, giveUp: () => undefined };
}

function* putAll({ base, draft, replaced }: Findings, chunk: ProvedChunk, positions: readonly number[]): Generator<void> {
  for (const position of positions) {
    const text = chunk.text(position);
    const read = readRecord(text);
    const before = base.hashOf(read.record);
    if (before) replaced.add(before.toString('hex'));
    draft.put(read, () => text);
    yield;
  }
}

// What is gone and was not replaced was deleted. Which records these were, only their hashes tell.
function* removeGone({ base, draft, gone, replaced }: Findings): Generator<void> {
  for (const hash of replaced) gone.delete(hash);
  if (gone.size === 0) return;
  for (const name of base.names()) {
    if (gone.delete(base.hashOf(name)!.toString('hex'))) draft.remove(name);
    if (gone.size === 0) return;
    yield;
  }
}

function checkRoot(tree: RecordTree, { epoch, revision, root, records }: SnapshotHeader): void {
  if (tree.size !== records || tree.root() !== root) throw new snapshotErrors.badRoot({ epoch, revision, path: '/header/root' });
}
