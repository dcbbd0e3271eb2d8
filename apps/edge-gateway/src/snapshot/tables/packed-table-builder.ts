import { snapshotErrors } from '@sluice/config-snapshot';
import type { LineWriter } from './line-writer';
import { keysOf, mayRepeat, shardOf, shardOfBytes, SHARDS, type Line } from './packed-shard';
import { PackedTable } from './packed-table';
import type { TableWriter } from './table-writer';

const SLAB_BYTES = 1_048_576;
const FIRST_LINES = 1_024;
/** What is done before the clock is looked at. */
const LINES_AT_ONCE = 64;
const SHARDS_AT_ONCE = 8;
/** UTF-8 takes at most three bytes for a UTF-16 code unit. */
const BYTES_PER_UNIT = 3;

/**
 * Fills an empty table. Lines are written one after the other as they come, and put into their shards at the end, all in one piece of
 * memory: a hundred thousand small pieces would leave the process with holes of the same size again.
 */
export class PackedTableBuilder implements TableWriter {
  private readonly slabs: Buffer[] = [];
  private used = SLAB_BYTES;
  /** For each line: shard, slab, offset, length. */
  private lines = new Uint32Array(FIRST_LINES * 4);
  private count = 0;
  private table = PackedTable.empty;

  /** A key once. */
  set(key: string, value: string): void {
    const line = `\n${key} ${value}`;
    this.makeRoom(line.length * BYTES_PER_UNIT);
    this.note(shardOf(key), this.slab.write(line, this.used, 'utf8'));
  }

  /** The same for a line that has been put together. */
  add({ bytes, length, keyEnd }: LineWriter): void {
    this.makeRoom(length);
    this.slab.set(bytes.subarray(0, length), this.used);
    this.note(shardOfBytes(bytes, 1, keyEnd), length);
  }

  /**
   * Puts the lines into their shards, a few at a time.
   * @throws snapshotErrors.duplicateRecord for a key that was added twice.
   */
  *close(): Generator<void> {
    if (this.count === 0) return;
    const ends = this.ends();
    const all = Buffer.allocUnsafeSlow(ends[SHARDS - 1]!);
    const next = ends.map((_, shard) => (shard === 0 ? 0 : ends[shard - 1]!));
    const shards = Array.from(ends, (end, shard) => all.subarray(next[shard], end));
    for (let line = 0; line < this.count; line++) {
      const at = line * 4;
      const shard = this.lines[at]!;
      const offset = this.lines[at + 2]!;
      const length = this.lines[at + 3]!;
      this.slabs[this.lines[at + 1]!]!.copy(all, next[shard], offset, offset + length);
      next[shard]! += length;
      if (line % LINES_AT_ONCE === 0) yield;
    }
    this.slabs.length = 0;
    for (const [index, shard] of shards.entries()) {
      if (mayRepeat(shard)) checkUnique(shard);
      if (index % SHARDS_AT_ONCE === 0) yield;
    }
    this.table = new PackedTable(shards, this.count);
  }

  finish(): PackedTable {
    return this.table;
  }

  /** Nothing was there, and what is set stays. */
  delete(): void {}

  /** Nothing is found before `close`. */
  has(key: string): boolean {
    return this.table.has(key);
  }

  line(prefix: string, fits: (line: Line) => boolean): Line | undefined {
    return this.table.line(prefix, fits);
  }

  get(key: string): string | undefined {
    return this.table.get(key);
  }

  private get slab(): Buffer {
    return this.slabs.at(-1) ?? NOTHING;
  }

  private makeRoom(most: number): void {
    if (this.used + most <= this.slab.length) return;
    this.slabs.push(Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, most)));
    this.used = 0;
  }

  private note(shard: number, length: number): void {
    if ((this.count + 1) * 4 > this.lines.length) {
      const larger = new Uint32Array(this.lines.length * 2);
      larger.set(this.lines);
      this.lines = larger;
    }
    const at = this.count++ * 4;
    this.lines[at] = shard;
    this.lines[at + 1] = this.slabs.length - 1;
    this.lines[at + 2] = this.used;
    this.lines[at + 3] = length;
    this.used += length;
  }

  private ends(): Float64Array {
    const ends = new Float64Array(SHARDS);
    for (let line = 0; line < this.count; line++) ends[this.lines[line * 4]!]! += this.lines[line * 4 + 3]!;
    for (let shard = 1; shard < SHARDS; shard++) ends[shard]! += ends[shard - 1]!;
    return ends;
  }
}

const NOTHING = Buffer.alloc(0);

function checkUnique(shard: Buffer): void {
  const seen = new Set<string>();
  for (const key of keysOf(shard)) {
    if (seen.has(key)) throw new snapshotErrors.duplicateRecord({ path: '/records' });
    seen.add(key);
  }
}
