import { compareHashes, recordHash, type RecordName, type RecordTree } from '@sluice/config-snapshot';
import type { SnapshotTables } from '../tables/snapshot-tables';

const KINDS = ['app', 'token', 'plugin'] as const;
const CODES = KINDS.length + 1;
const PREFIXES = 256;
const HASH_BYTES = 32;

/**
 * The records of a revision in the order of their hashes, which is the order of chunks, at eight bytes a record: texts are made again
 * when they are written.
 */
export class RecordOrder {
  private readonly names: readonly Float64Array[];
  private readonly others: RecordName[] = [];

  private constructor(
    private readonly tree: RecordTree,
    private readonly tables: SnapshotTables,
  ) {
    this.names = Array.from({ length: PREFIXES }, (_, prefix) => new Float64Array(tree.hashes(prefix).length / HASH_BYTES));
  }

  /** @param tree of these very tables; nobody may change it meanwhile */
  static *of(tree: RecordTree, tables: SnapshotTables): Generator<void, RecordOrder> {
    const order = new RecordOrder(tree, tables);
    for (const name of tables.names()) {
      order.place(name);
      yield;
    }
    return order;
  }

  /** The texts of one chunk, one after the other. */
  *texts(prefix: number): Generator<string> {
    for (const code of this.names[prefix]!) yield this.tables.text(this.nameOf(code))!;
  }

  private place(name: RecordName): void {
    const hash = recordHash(this.tables.text(name)!);
    const hashes = this.tree.hashes(hash[0]!);
    let low = 0;
    for (let high = hashes.length / HASH_BYTES; low < high; ) {
      const middle = (low + high) >>> 1;
      if (compareHashes(hashes, middle * HASH_BYTES, hash, 0) < 0) low = middle + 1;
      else high = middle;
    }
    this.names[hash[0]!]![low] = this.codeOf(name);
  }

  private codeOf(name: RecordName): number {
    const kind = KINDS.findIndex((known) => known === name.kind);
    return kind < 0 ? (this.others.push(name) - 1) * CODES + KINDS.length : Number(name.id) * CODES + kind;
  }

  private nameOf(code: number): RecordName {
    const kind = KINDS[code % CODES];
    const number = Math.floor(code / CODES);
    return kind === undefined ? this.others[number]! : { kind, id: String(number) };
  }
}
