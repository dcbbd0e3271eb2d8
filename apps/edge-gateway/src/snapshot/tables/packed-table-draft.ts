import { findLine, hasLine, shardOf, type Line } from './packed-shard';
import { PackedTable } from './packed-table';
import type { TableWriter } from './table-writer';

const SLACK_BYTES = 512;
const GROWTH = 1.5;
const WORTH_A_COPY = 1.3;
/** UTF-8 takes at most three bytes for a UTF-16 code unit. */
const BYTES_PER_UNIT = 3;

/** A shard that is being written. */
class OpenShard {
  private bytes: Buffer;
  length: number;

  constructor(base: Buffer) {
    this.bytes = Buffer.allocUnsafeSlow(base.length + SLACK_BYTES);
    base.copy(this.bytes);
    this.length = base.length;
  }

  get content(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  append(key: string, value: string): void {
    const line = `\n${key} ${value}`;
    const needed = this.length + line.length * BYTES_PER_UNIT;
    if (needed > this.bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, Math.ceil(this.bytes.length * GROWTH)));
      this.bytes.copy(larger, 0, 0, this.length);
      this.bytes = larger;
    }
    this.length += this.bytes.write(line, this.length, 'utf8');
  }

  cut({ start, end }: Line): void {
    this.bytes.copyWithin(start, end, this.length);
    this.length -= end - start;
  }

  close(): Buffer {
    // A little room is cheaper than another copy.
    if (this.length * WORTH_A_COPY > this.bytes.length) return this.content;
    const closed = Buffer.allocUnsafeSlow(this.length);
    this.bytes.copy(closed, 0, 0, this.length);
    return closed;
  }
}

/** Changes some lines of a table: the shards that they are in are copied. */
export class PackedTableDraft implements TableWriter {
  private readonly open = new Map<number, OpenShard>();
  private readonly closed = new Map<number, Buffer>();
  private count: number;

  constructor(private readonly base: PackedTable) {
    this.count = base.size;
  }

  get(key: string): string | undefined {
    return this.line(key)?.value;
  }

  has(key: string): boolean {
    return hasLine(this.content(shardOf(key)), key);
  }

  line(prefix: string, fits: (line: Line) => boolean = ({ key }) => key === prefix): Line | undefined {
    return findLine(this.content(shardOf(prefix)), prefix, fits);
  }

  set(key: string, value: string): void {
    this.delete(key);
    this.writable(shardOf(key)).append(key, value);
    this.count++;
  }

  delete(key: string): void {
    const line = this.line(key);
    if (!line) return;
    this.writable(shardOf(key)).cut(line);
    this.count--;
  }

  *close(): Generator<void> {
    for (const [shard, open] of this.open) {
      this.closed.set(shard, open.close());
      yield;
    }
  }

  finish(): PackedTable {
    if (this.closed.size === 0) return this.base;
    const shards = [...this.base.shards];
    for (const [shard, closed] of this.closed) shards[shard] = closed;
    return new PackedTable(shards, this.count);
  }

  private content(shard: number): Buffer {
    return this.open.get(shard)?.content ?? this.base.shards[shard]!;
  }

  private writable(shard: number): OpenShard {
    let open = this.open.get(shard);
    if (!open) this.open.set(shard, (open = new OpenShard(this.base.shards[shard]!)));
    return open;
  }
}
