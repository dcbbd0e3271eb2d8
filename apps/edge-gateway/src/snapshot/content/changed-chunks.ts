import { readRecord, type ProvedChunk, type RecordTree } from '@sluice/config-snapshot';
import { TablesDraft } from '../tables/tables-draft';
import type { SnapshotTables } from '../tables/snapshot-tables';
import { RECORDS_AT_ONCE, type ChunkTables } from './chunk-tables';
import type { ContentBase } from './snapshot-content';
import { splitHashes } from './split-hashes';

/** What is in force, changed by the chunks that differ from it. */
export class ChangedChunks implements ChunkTables {
  readonly tree: RecordTree;
  private readonly draft: TablesDraft;
  /** Hashes (hex) of records that are not there any more. */
  private readonly gone = new Set<string>();
  /** Those among them whose records are there in another version. */
  private readonly replaced = new Set<string>();

  constructor(private readonly base: ContentBase) {
    this.tree = base.tree.fork();
    this.draft = new TablesDraft(base.tables);
  }

  *take(prefix: number, chunk: ProvedChunk): Generator<void> {
    const { added, removed } = splitHashes(this.base.tree.hashes(prefix), chunk.hashes);
    this.tree.replace(prefix, chunk.hashes, chunk.leaves);
    for (const hash of removed) this.gone.add(hash);
    for (const [index, position] of added.entries()) {
      this.put(chunk.text(position));
      if (index % RECORDS_AT_ONCE === 0) yield;
    }
  }

  *close(): Generator<void> {
    yield* this.removeGone();
    yield* this.draft.close();
  }

  finish(): SnapshotTables {
    return this.draft.finish(this.tree.size);
  }

  private put(text: string): void {
    const read = readRecord(text);
    const before = this.base.tables.hashOf(read.record);
    if (before) this.replaced.add(before.toString('hex'));
    this.draft.put(read, () => text);
  }

  // What is gone and was not replaced was deleted. Which records these were, only their hashes tell.
  private *removeGone(): Generator<void> {
    const { gone, replaced, draft } = this;
    const { tables } = this.base;
    for (const hash of replaced) gone.delete(hash);
    if (gone.size === 0) return;
    for (const name of tables.names()) {
      if (gone.delete(tables.hashOf(name)!.toString('hex'))) draft.remove(name);
      if (gone.size === 0) return;
      yield;
    }
  }
}
