import { snapshotErrors } from '@sluice/config-snapshot';
import { keysOf, shardOf, SHARDS, type Line } from './packed-shard';
import { PackedTable } from './packed-table';
import type { TableWriter } from './table-writer';

const SLAB_BYTES = 262_144;
const FIRST_LINES = 1_024;
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
    const most = line.length * BYTES_PER_UNIT;
    if (this.used + most > this.slab.length) {
      this.slabs.push(Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, most)));
      this.used = 0;
    }
    const length = this.slab.write(line, this.used, 'utf8');
    this.note(shardOf(key), this.slabs.length - 1, this.used, length);
    this.used += length;
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
      const [at, shard] = [line * 4, this.lines[line * 4]!];
      const [slab, offset, length] = [this.lines[at + 1]!, this.lines[at + 2]!, this.lines[at + 3]!];
      this.slabs[slab]!.copy(all, next[shard], offset, offset + length);
      next[shard]! += length;
      yield;
    }
    this.slabs.length = 0;
    for (const shard of shards) {
      checkUnique(shard);
      yield;
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

  private note(...line: [shard: number, slab: number, offset: number, length: number]): void {
    if ((this.count + 1) * 4 > this.lines.length) {
      const larger = new Uint32Array(this.lines.length * 2);
      larger.set(this.lines);
      this.lines = larger;
    }
    this.lines.set(line, this.count++ * 4);
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
