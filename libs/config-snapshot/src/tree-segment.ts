import { hash as hashOnce } from 'node:crypto';
import { compareHashes } from './compare-hashes';

export const HASH_BYTES = 32;
export const LEAVES = 256;

const ZERO = Buffer.alloc(HASH_BYTES);
const GROWTH = 1.25;
const FIRST_CAPACITY = 16;

/** The hashes of a tree with one first byte: sorted in one piece of memory, with the values of their 256 leaves. */
export class TreeSegment {
  /** True while the value does not show the hashes. */
  stale = true;
  private leaves: Buffer | undefined;
  /** Second bytes whose leaf value is old; undefined: all of them. */
  private staleLeaves: Set<number> | undefined;

  private constructor(
    private bytes: Buffer,
    public count: number,
    /** The one tree that may change it; undefined: several have it. */
    public owner: object | undefined,
  ) {}

  /** Keeps `sorted`, and `leaves` if they are known, and takes them for its own. */
  static of(sorted: Buffer, owner: object, leaves?: Buffer): TreeSegment {
    const segment = new TreeSegment(sorted, sorted.length / HASH_BYTES, owner);
    segment.leaves = leaves;
    segment.staleLeaves = leaves && new Set();
    return segment;
  }

  share(): void {
    this.owner = undefined;
  }

  copy(owner: object): TreeSegment {
    const capacity = Math.max(FIRST_CAPACITY, this.count + 1) * HASH_BYTES;
    const bytes = Buffer.allocUnsafeSlow(capacity);
    this.bytes.copy(bytes, 0, 0, this.count * HASH_BYTES);
    const copy = new TreeSegment(bytes, this.count, owner);
    copy.stale = this.stale;
    copy.leaves = this.leaves && Buffer.from(this.leaves);
    copy.staleLeaves = this.staleLeaves && new Set(this.staleLeaves);
    return copy;
  }

  hashes(): Buffer {
    return this.bytes.subarray(0, this.count * HASH_BYTES);
  }

  has(hash: Uint8Array): boolean {
    const position = this.position(hash);
    return position < this.count && this.compare(hash, position) === 0;
  }

  add(hash: Uint8Array): boolean {
    const position = this.position(hash);
    if (position < this.count && this.compare(hash, position) === 0) return false;
    this.makeRoom();
    this.bytes.copyWithin((position + 1) * HASH_BYTES, position * HASH_BYTES, this.count * HASH_BYTES);
    this.bytes.set(hash, position * HASH_BYTES);
    this.count++;
    this.outdate(hash[1]!);
    return true;
  }

  /** It has to be there. */
  delete(hash: Uint8Array): void {
    const position = this.position(hash);
    this.bytes.copyWithin(position * HASH_BYTES, (position + 1) * HASH_BYTES, this.count * HASH_BYTES);
    this.count--;
    this.outdate(hash[1]!);
  }

  /** Writes the SHA-256 of the leaf values, or zeros for no hashes at all. */
  writeValue(target: Buffer, offset: number): void {
    this.stale = false;
    if (this.count === 0) {
      this.leaves = undefined;
      this.staleLeaves = undefined;
      ZERO.copy(target, offset);
      return;
    }
    this.refreshLeaves();
    target.write(hashOnce('sha256', this.leaves!), offset, 'hex');
  }

  private refreshLeaves(): void {
    if (this.leaves && this.staleLeaves) {
      for (const second of this.staleLeaves) this.refreshLeaf(second, this.leaves);
    } else {
      this.leaves = leafValues(this.hashes());
    }
    this.staleLeaves = new Set();
  }

  private refreshLeaf(second: number, leaves: Buffer): void {
    const start = this.firstOf(second);
    let end = start;
    while (end < this.count && this.bytes[end * HASH_BYTES + 1] === second) end++;
    writeLeaf(this.bytes, start, end, leaves, second);
  }

  private outdate(second: number): void {
    this.stale = true;
    this.staleLeaves?.add(second);
  }

  private makeRoom(): void {
    if ((this.count + 1) * HASH_BYTES <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(FIRST_CAPACITY, Math.ceil(this.count * GROWTH) + 1) * HASH_BYTES);
    this.bytes.copy(grown);
    this.bytes = grown;
  }

  private firstOf(second: number): number {
    let low = 0;
    for (let high = this.count; low < high; ) {
      const middle = (low + high) >>> 1;
      if (this.bytes[middle * HASH_BYTES + 1]! < second) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Where it is, or would be. */
  private position(hash: Uint8Array): number {
    let low = 0;
    for (let high = this.count; low < high; ) {
      const middle = (low + high) >>> 1;
      if (this.compare(hash, middle) > 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private compare(hash: Uint8Array, position: number): number {
    return compareHashes(hash, 0, this.bytes, position * HASH_BYTES);
  }
}

/** The values of the 256 leaves of sorted hashes that have their first byte in common. */
export function leafValues(hashes: Buffer): Buffer {
  const leaves = Buffer.alloc(LEAVES * HASH_BYTES);
  const count = hashes.length / HASH_BYTES;
  for (let start = 0; start < count; ) {
    const second = hashes[start * HASH_BYTES + 1]!;
    let end = start + 1;
    while (end < count && hashes[end * HASH_BYTES + 1] === second) end++;
    writeLeaf(hashes, start, end, leaves, second);
    start = end;
  }
  return leaves;
}

/** The value of the node with these leaves; lower-case hex. */
export function nodeValue(hashes: Buffer, leaves: Buffer): string {
  return hashes.length === 0 ? ZERO.toString('hex') : hashOnce('sha256', leaves);
}

function writeLeaf(bytes: Buffer, start: number, end: number, leaves: Buffer, second: number): void {
  const offset = second * HASH_BYTES;
  if (start === end) ZERO.copy(leaves, offset);
  else leaves.write(hashOnce('sha256', bytes.subarray(start * HASH_BYTES, end * HASH_BYTES)), offset, 'hex');
}
