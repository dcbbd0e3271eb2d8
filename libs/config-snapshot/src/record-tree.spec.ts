import { createHash, randomBytes } from 'node:crypto';
import { RecordTree } from './record-tree';

const sha = (...parts: Uint8Array[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const empty = '0'.repeat(64);

/** The definition, word for word. */
function slowIndex(hashes: readonly Buffer[]): Buffer {
  const value = (parts: Buffer[]) => (parts.every((part) => part.equals(Buffer.alloc(32))) ? Buffer.alloc(32) : sha(...parts));
  const sorted = [...hashes].sort(Buffer.compare);
  const nodes: Buffer[] = [];
  for (let first = 0; first < 256; first++) {
    const mine = sorted.filter((hash) => hash[0] === first);
    nodes.push(value(Array.from({ length: 256 }, (_, second) => value(mine.filter((hash) => hash[1] === second)))));
  }
  return Buffer.concat(nodes);
}
const slowRoot = (hashes: readonly Buffer[]) => sha(slowIndex(hashes)).toString('hex');

/** Hashes that crowd into a few leaves. */
const crowd = (count: number) => Array.from({ length: count }, () => Buffer.concat([Buffer.from([Math.floor(Math.random() * 3), Math.floor(Math.random() * 3)]), randomBytes(30)]));

describe('RecordTree', () => {
  it('has the values of its definition', () => {
    const hashes = [...crowd(200), ...Array.from({ length: 100 }, () => randomBytes(32))];
    const tree = RecordTree.of(hashes);
    expect(tree.root()).toBe(slowRoot(hashes));
    expect(tree.index().equals(slowIndex(hashes))).toBe(true);
    expect(tree.node(1).equals(slowIndex(hashes).subarray(32, 64))).toBe(true);
    expect(tree.size).toBe(300);
  });

  it('has a root for nothing at all', () => {
    expect(RecordTree.empty().root()).toBe(sha(Buffer.alloc(8_192)).toString('hex'));
    expect(RecordTree.empty().node(7).toString('hex')).toBe(empty);
  });

  it('never changes the roots of known sets: studios and gateways of different versions compute them', () => {
    const hash = (text: string) => sha(Buffer.from(text));
    expect(RecordTree.of([]).root()).toBe('9f1dcbc35c350d6027f98be0f5c8b43b42ca52b7604459c0c42be3aa88913d47');
    expect(RecordTree.of(['a', 'b', 'c'].map(hash)).root()).toBe('2b35ea62a1ba7d951442aca1556e1fb214c8d76d5ee0cb17974df8a806a99079');
  });

  it('follows any order of additions and removals', () => {
    const tree = RecordTree.empty();
    const there = new Set<Buffer>();
    for (let step = 0; step < 300; step++) {
      const [victim] = there;
      if (victim && Math.random() < 0.4) {
        there.delete(victim);
        expect(tree.delete(victim)).toBe(true);
        expect(tree.has(victim)).toBe(false);
      } else {
        const [hash] = crowd(1) as [Buffer];
        there.add(hash);
        expect(tree.add(hash)).toBe(true);
      }
      if (step % 50 === 49) expect(tree.root()).toBe(slowRoot([...there]));
    }
    expect(tree.size).toBe(there.size);
    for (const hash of there) tree.delete(hash);
    expect(tree.root()).toBe(RecordTree.empty().root());
  });

  it('is a set', () => {
    const [hash] = crowd(1) as [Buffer];
    const tree = RecordTree.of([hash]);
    expect(tree.add(hash)).toBe(false);
    expect(tree.delete(Buffer.alloc(32, 9))).toBe(false);
    expect(tree.size).toBe(1);
  });

  it('can be forked, and each goes its own way', () => {
    const hashes = crowd(50);
    const tree = RecordTree.of(hashes);
    const before = tree.root();
    const fork = tree.fork();
    for (const hash of hashes.slice(0, 10)) fork.delete(hash);
    expect(tree.root()).toBe(before);
    expect(fork.root()).toBe(slowRoot(hashes.slice(10)));
    const [added] = crowd(1) as [Buffer];
    tree.add(added);
    expect(fork.has(added)).toBe(false);
    expect(tree.root()).toBe(slowRoot([...hashes, added]));
    expect(fork.root()).toBe(slowRoot(hashes.slice(10)));
  });

  it('takes all hashes with one first byte at once', () => {
    const hashes = crowd(30).sort(Buffer.compare);
    const zeros = hashes.filter((hash) => hash[0] === 0);
    const tree = RecordTree.of(hashes.filter((hash) => hash[0] !== 0));
    tree.add(Buffer.alloc(32));
    tree.replace(0, Buffer.concat(zeros));
    expect(tree.root()).toBe(slowRoot(hashes));
    expect(tree.size).toBe(30);
    expect(tree.hashes(0).equals(Buffer.concat(zeros))).toBe(true);
    tree.add(Buffer.alloc(32));
    tree.replace(0, Buffer.alloc(0));
    expect(tree.root()).toBe(slowRoot(hashes.filter((hash) => hash[0] !== 0)));
  });
});
