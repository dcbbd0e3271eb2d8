import { findLine, hasLine, keysOf, shardOf, SHARDS, type Line } from './packed-shard';

const NOTHING = Buffer.alloc(0);

/**
 * A map from short ASCII keys to lines of text that never changes, kept as bytes: 100,000 objects would take three times the memory, and
 * the garbage collector longer than requests may wait. A change makes another table, which has all shards but the changed ones in common
 * with it: whoever holds the old one sees the old revision, and a small change costs little, however large the table is.
 */
export class PackedTable {
  static readonly empty = new PackedTable(new Array<Buffer>(SHARDS).fill(NOTHING), 0);

  /** For those who write tables. */
  constructor(
    readonly shards: readonly Buffer[],
    readonly size: number,
  ) {}

  get(key: string): string | undefined {
    return this.line(key)?.value;
  }

  has(key: string): boolean {
    return hasLine(this.shard(key), key);
  }

  /** The first line whose key begins like this, which is at least eight characters, and for which `fits` says yes. */
  line(prefix: string, fits: (line: Line) => boolean = ({ key }) => key === prefix): Line | undefined {
    return findLine(this.shard(prefix), prefix, fits);
  }

  /** The bytes that hold a key: others when anything near it has changed. */
  shard(key: string): Buffer {
    return this.shards[shardOf(key)]!;
  }

  *keys(): Generator<string> {
    for (const shard of this.shards) yield* keysOf(shard);
  }
}
