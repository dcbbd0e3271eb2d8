/** At 100,000 lines a shard holds 49: a change copies no more than these. */
export const SHARDS = 2_048;

/** Keys that have these in common share a shard. */
const KEY_CHARACTERS = 8;

const LINE_FEED = 0x0a;

/** A shard is lines, each as `\n`, key, space, value. Neither has a line feed in it, and a key no space. */
export interface Line {
  key: string;
  value: string;
  /** From its line feed to the next one, or the end. */
  start: number;
  end: number;
}

export function shardOf(key: string): number {
  // FNV-1a.
  let hash = 0x811c9dc5;
  for (let index = 0; index < KEY_CHARACTERS && index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  return (hash ^ (hash >>> 15)) & (SHARDS - 1);
}

/** The first line whose key begins like this and for which `fits` says yes. */
export function findLine(shard: Buffer, prefix: string, fits: (line: Line) => boolean): Line | undefined {
  const pattern = `\n${prefix}`;
  for (let start = shard.indexOf(pattern, 0, 'latin1'); start >= 0; start = shard.indexOf(pattern, start + 1, 'latin1')) {
    const line = lineAt(shard, start);
    if (fits(line)) return line;
  }
  return undefined;
}

export function* keysOf(shard: Buffer): Generator<string> {
  for (let start = 0; start < shard.length; ) {
    yield shard.toString('latin1', start + 1, shard.indexOf(' ', start, 'latin1'));
    const next = shard.indexOf(LINE_FEED, start + 1);
    start = next < 0 ? shard.length : next;
  }
}

function lineAt(shard: Buffer, start: number): Line {
  const space = shard.indexOf(' ', start, 'latin1');
  const next = shard.indexOf(LINE_FEED, start + 1);
  const end = next < 0 ? shard.length : next;
  return { key: shard.toString('latin1', start + 1, space), value: shard.toString('utf8', space + 1, end), start, end };
}
