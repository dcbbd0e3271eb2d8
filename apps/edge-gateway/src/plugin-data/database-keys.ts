/** What a row of the plugin database is; the first byte of its key. */
export const ROWS = { meta: 0, kvEntry: 1, kvValue: 2, payload: 3, lastSequence: 4, removedAt: 5, crashCard: 6, refusedCall: 7 } as const;

export type RowKind = keyof typeof ROWS;

/** The key of a row of one plugin: kind, plugin id, and the rest, so that a plugin's rows stand together and apart from all others. */
export function rowKey(kind: RowKind, pluginId: number, rest: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(ROWS[kind], 0);
  head.writeUInt32BE(pluginId, 1);
  return Buffer.concat([head, rest]);
}

export function readRowKey(key: Buffer): { pluginId: number; rest: Buffer } {
  return { pluginId: key.readUInt32BE(1), rest: key.subarray(5) };
}

/** The bounds of all keys that begin with these bytes. */
export function startingWith(prefix: Buffer): { gte: Buffer; lt?: Buffer } {
  const end = Buffer.from(prefix);
  for (let index = end.length - 1; index >= 0; index -= 1) {
    if (end[index] === 0xff) continue;
    end[index]! += 1;
    return { gte: prefix, lt: end.subarray(0, index + 1) };
  }
  return { gte: prefix };
}

export function allOf(kind: RowKind): { gte: Buffer; lt?: Buffer } {
  return startingWith(Buffer.from([ROWS[kind]]));
}

export function sequenceBytes(sequence: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(sequence);
  return bytes;
}
