import { RecordTree, type ProvedChunk } from '@sluice/config-snapshot';
import { TablesBuilder } from '../tables/tables-builder';
import type { SnapshotTables } from '../tables/snapshot-tables';
import { RECORDS_AT_ONCE, type ChunkTables } from './chunk-tables';

const PREFIXES = 256;
const HASH_BYTES = 32;
const LEAVES_BYTES = 256 * HASH_BYTES;

/**
 * What is kept of each chunk, in one piece of memory: small pieces between the bytes of chunks, which are let go, would leave holes that
 * the process keeps.
 */
class Block {
  private readonly bytes: Buffer;
  private used = 0;

  constructor(length: number) {
    this.bytes = Buffer.allocUnsafeSlow(length);
  }

  keep(piece: Buffer): Buffer {
    const end = this.used + piece.length;
    // Of no snapshot whose header is true.
    if (end > this.bytes.length) return piece;
    piece.copy(this.bytes, this.used);
    const kept = this.bytes.subarray(this.used, end);
    this.used = end;
    return kept;
  }
}

/** All of a snapshot, out of all of its chunks. */
export class AllChunks implements ChunkTables {
  readonly tree = RecordTree.empty();
  private readonly builder = new TablesBuilder();
  private readonly hashes: Block;
  private readonly leaves = new Block(PREFIXES * LEAVES_BYTES);

  /** @param records how many there are, as the signed header says */
  constructor(records: number) {
    this.hashes = new Block(records * HASH_BYTES);
  }

  *take(prefix: number, chunk: ProvedChunk): Generator<void> {
    this.tree.replace(prefix, this.hashes.keep(chunk.hashes), this.leaves.keep(chunk.leaves));
    for (let position = 0; position < chunk.count; position++) {
      this.builder.put(chunk, position);
      if (position % RECORDS_AT_ONCE === 0) yield;
    }
  }

  close(): Generator<void> {
    return this.builder.close();
  }

  finish(): SnapshotTables {
    return this.builder.finish(this.tree.size);
  }
}
