/** What is known of a key without asking the disk. */
export interface KvEntry {
  /** Of the value. */
  bytes: number;
  /** Milliseconds since the Unix epoch; `Infinity` for one that stays. */
  expiresAtMs: number;
}

/** What a key costs besides itself and its value: its place in memory and on the disk. */
const ENTRY_BYTES = 64;

/** The keys of one plugin, and how much of its quota they take. */
export class KvSpace {
  readonly entries = new Map<string, KvEntry>();
  bytes = 0;

  live(key: string, nowMs: number): KvEntry | undefined {
    const entry = this.entries.get(key);
    return entry && entry.expiresAtMs > nowMs ? entry : undefined;
  }

  expired(nowMs: number): string[] {
    return [...this.entries].filter(([, { expiresAtMs }]) => expiresAtMs <= nowMs).map(([key]) => key);
  }

  costOf(key: string): number {
    const entry = this.entries.get(key);
    return entry ? costOf(key, entry.bytes) : 0;
  }
}

export function costOf(key: string, valueBytes: number): number {
  return Buffer.byteLength(key) + valueBytes + ENTRY_BYTES;
}

/** An entry as the disk has it. */
export function encodeEntry({ bytes, expiresAtMs }: KvEntry): Buffer {
  const row = Buffer.alloc(12);
  row.writeUInt32BE(bytes, 0);
  row.writeDoubleBE(expiresAtMs, 4);
  return row;
}

export function decodeEntry(row: Buffer): KvEntry {
  return { bytes: row.readUInt32BE(0), expiresAtMs: row.readDoubleBE(4) };
}
