import { hash as hashOnce } from 'node:crypto';
import { LEAVES, TreeSegment } from './tree-segment';

/** Bytes of an index: the 256 node values, one after the other. */
export const INDEX_BYTES = LEAVES * 32;

/**
 * A set of record hashes as a Merkle tree of fixed shape, so that one signed root proves any part of the set. A hash belongs to the
 * leaf of its first two bytes. A leaf's value is the SHA-256 of its hashes, sorted, one after the other; a node's value the SHA-256
 * of the values of the 256 leaves with its first byte; the root the SHA-256 of the 256 node values. An empty leaf or node has 32
 * zero bytes. Costs 32 bytes a record and 8 KiB a first byte in use; values are computed when they are asked for, and only those
 * that changed.
 */
export class RecordTree {
  private readonly nodes = Buffer.alloc(INDEX_BYTES);
  private rootHex: string | undefined;
  private count = 0;

  private constructor(private readonly segments: (TreeSegment | undefined)[]) {}

  static empty(): RecordTree {
    return new RecordTree(new Array<TreeSegment | undefined>(LEAVES).fill(undefined));
  }

  /** The tree of these hashes, 32 bytes each, in any order. */
  static of(hashes: Iterable<Uint8Array>): RecordTree {
    const tree = RecordTree.empty();
    for (const hash of hashes) tree.add(hash);
    return tree;
  }

  get size(): number {
    return this.count;
  }

  /** False when it is there already. */
  add(hash: Uint8Array): boolean {
    const added = this.writable(hash[0]!).add(hash);
    if (added) this.changed(1);
    return added;
  }

  /** False when it is not there. */
  delete(hash: Uint8Array): boolean {
    if (!this.has(hash)) return false;
    this.writable(hash[0]!).delete(hash);
    this.changed(-1);
    return true;
  }

  has(hash: Uint8Array): boolean {
    return this.segments[hash[0]!]?.has(hash) ?? false;
  }

  /**
   * Puts these hashes, sorted and all with this first byte, in place of those that were there. They are kept, not copied.
   * @param leaves their leaf values, where they are known already: `proveChunk` has computed them
   */
  replace(prefix: number, hashes: Buffer, leaves?: Buffer): void {
    const before = this.segments[prefix]?.count ?? 0;
    this.segments[prefix] = TreeSegment.of(hashes, this, leaves);
    this.changed(hashes.length / 32 - before);
  }

  /** The hashes with this first byte, sorted, one after the other. To be read before the tree changes again, and not written to. */
  hashes(prefix: number): Buffer {
    return this.segments[prefix]?.hashes() ?? Buffer.alloc(0);
  }

  /** Lower-case hex. */
  root(): string {
    this.refresh();
    return (this.rootHex ??= hashOnce('sha256', this.nodes));
  }

  /** The 8,192 bytes that the root is the hash of: 256 node values. */
  index(): Buffer {
    this.refresh();
    return Buffer.from(this.nodes);
  }

  /** The value of the node with this first byte, 32 bytes. */
  node(prefix: number): Buffer {
    this.refresh();
    return Buffer.from(this.nodes.subarray(prefix * 32, prefix * 32 + 32));
  }

  /** A tree of the same hashes. Each can then be changed without the other; what neither changes is kept once. */
  fork(): RecordTree {
    this.refresh();
    for (const segment of this.segments) segment?.share();
    const fork = new RecordTree([...this.segments]);
    this.nodes.copy(fork.nodes);
    fork.rootHex = this.rootHex;
    fork.count = this.count;
    return fork;
  }

  private changed(by: number): void {
    this.count += by;
    this.rootHex = undefined;
  }

  private writable(prefix: number): TreeSegment {
    const segment = this.segments[prefix];
    if (segment?.owner === this) return segment;
    return (this.segments[prefix] = segment ? segment.copy(this) : TreeSegment.of(Buffer.alloc(0), this));
  }

  private refresh(): void {
    if (this.rootHex !== undefined) return;
    for (let prefix = 0; prefix < LEAVES; prefix++) {
      const segment = this.segments[prefix];
      // A segment of another tree has not been changed since it was shared.
      if (segment?.owner === this && segment.stale) segment.writeValue(this.nodes, prefix * 32);
    }
  }
}
