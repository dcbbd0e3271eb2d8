/** The bytes of a chunk; undefined, or an error, when they cannot be had. */
export type ReadChunk = (prefix: number, nodeValue: string) => Promise<Buffer | undefined>;

/** So many are on their way while one is read. */
const AHEAD = 4;

/** Fetches chunks in their order, a few ahead, so that neither the network nor this process waits for the other. */
export class ChunkQueue implements AsyncIterable<{ prefix: number; bytes: Buffer | undefined }> {
  constructor(
    private readonly prefixes: readonly number[],
    private readonly nodeOf: (prefix: number) => Buffer,
    private readonly read: ReadChunk,
  ) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<{ prefix: number; bytes: Buffer | undefined }> {
    const fetching: Promise<Buffer | undefined>[] = [];
    for (const [position, prefix] of this.prefixes.entries()) {
      while (fetching.length < AHEAD && position + fetching.length < this.prefixes.length) fetching.push(this.fetch(this.prefixes[position + fetching.length]!));
      yield { prefix, bytes: await fetching.shift() };
    }
  }

  private async fetch(prefix: number): Promise<Buffer | undefined> {
    const node = this.nodeOf(prefix);
    // An empty node has no chunk anywhere.
    if (node.every((byte) => byte === 0)) return Buffer.alloc(0);
    // Whoever reads it logs what went wrong.
    return this.read(prefix, node.toString('hex')).catch(() => undefined);
  }
}
