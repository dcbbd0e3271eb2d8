/** At 100,000 lines a shard holds 49: a change copies no more than these. */
export const SHARDS = 2_048;

/** Keys that have these in common share a shard. */
const KEY_CHARACTERS = 8;

const FNV_BASIS = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

const LINE_FEED = 0x0a;
const SPACE = 0x20;

/** A shard is lines, each as `\n`, key, space, value. Neither has a line feed in it, and a key no space. */
export interface Line {
  key: string;
  value: string;
  /** From its line feed to the next one, or the end. */
  start: number;
  end: number;
}

export function shardOf(key: string): number {
  let hash = FNV_BASIS;
  for (let index = 0; index < KEY_CHARACTERS && index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), FNV_PRIME);
  return (hash ^ (hash >>> 15)) & (SHARDS - 1);
}

/** The same for a key that lies between these positions. */
export function shardOfBytes(bytes: Uint8Array, start: number, end: number): number {
  const hash = hashOfBytes(bytes, start, Math.min(end, start + KEY_CHARACTERS));
  return (hash ^ (hash >>> 15)) & (SHARDS - 1);
}

/** FNV-1a. */
export function hashOfBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = FNV_BASIS;
  for (let index = start; index < end; index++) hash = Math.imul(hash ^ bytes[index]!, FNV_PRIME);
  return hash;
}

/** The first line whose key begins like this and for which `fits` says yes. */
export function findLine(shard: Buffer, prefix: string, fits: (line: Line) => boolean): Line | undefined {
  for (let start = nextStart(shard, prefix, 0); start >= 0; start = nextStart(shard, prefix, start + 1)) {
    const line = lineAt(shard, start);
    if (fits(line)) return line;
  }
  return undefined;
}

/** Whether there is a line with this very key. */
export function hasLine(shard: Buffer, key: string): boolean {
  for (let start = nextStart(shard, key, 0); start >= 0; start = nextStart(shard, key, start + 1)) if (shard[start + 1 + key.length] === SPACE) return true;
  return false;
}

/** Whether two lines may have the same key. False is certain. */
export function mayRepeat(shard: Buffer): boolean {
  const hashes: number[] = [];
  for (let start = 0; start < shard.length; start = endOf(shard, start)) hashes.push(hashOfBytes(shard, start + 1, shard.indexOf(SPACE, start)));
  const sorted = Int32Array.from(hashes).sort();
  for (let index = 1; index < sorted.length; index++) if (sorted[index] === sorted[index - 1]) return true;
  return false;
}

export function* keysOf(shard: Buffer): Generator<string> {
  for (let start = 0; start < shard.length; start = endOf(shard, start)) yield shard.toString('latin1', start + 1, shard.indexOf(SPACE, start));
}

/** Where the next line begins, from `from` on, whose key begins like this; -1: nowhere. */
function nextStart(shard: Buffer, prefix: string, from: number): number {
  for (let start = shard.indexOf(LINE_FEED, from); start >= 0; start = shard.indexOf(LINE_FEED, start + 1)) {
    let index = 0;
    while (index < prefix.length && shard[start + 1 + index] === prefix.charCodeAt(index)) index++;
    if (index === prefix.length) return start;
  }
  return -1;
}

function lineAt(shard: Buffer, start: number): Line {
  const space = shard.indexOf(SPACE, start);
  const end = endOf(shard, start);
  return { key: shard.toString('latin1', start + 1, space), value: shard.toString('utf8', space + 1, end), start, end };
}

function endOf(shard: Buffer, start: number): number {
  const next = shard.indexOf(LINE_FEED, start + 1);
  return next < 0 ? shard.length : next;
}
