import { createPublicKey } from 'node:crypto';
import { keyIdOf, openDelta, openIndex, proveChunk, readRecord, type RecordKind, type RecordKinds, type SnapshotHeader, type SnapshotRecord, type SnapshotTrust } from '@sluice/config-snapshot';
import { snapshotKeys } from '@sluice/edge-link';
import type { Redis } from 'ioredis';
import type { StudioConfig } from '../config';

/** A snapshot as a gateway gets it out of Redis: the checkpoint, and the deltas after it up to the pointer. */
export class PublishedSnapshot {
  private constructor(
    readonly header: SnapshotHeader,
    private readonly records: ReadonlyMap<string, SnapshotRecord>,
  ) {}

  /** Undefined while there is none, or not all of it. @throws for anything that is not proved. */
  static async read(redis: Redis, config: StudioConfig, namespace = ''): Promise<PublishedSnapshot | undefined> {
    const keys = snapshotKeys(namespace);
    const [epoch, revision, checkpoint] = await redis.hmget(keys.pointer, 'epoch', 'revision', 'checkpoint');
    const blob = epoch && checkpoint ? await redis.getBuffer(keys.index(epoch, Number(checkpoint))) : null;
    if (!epoch || !blob) return undefined;
    const trust = trustOf(config, namespace);
    const opened = openIndex(blob, trust);
    const records = new Map<string, SnapshotRecord>();
    let header = opened.signed.header;
    for (let prefix = 0; prefix < 256; prefix++) {
      const node = opened.index.subarray(prefix * 32, prefix * 32 + 32);
      if (node.every((byte) => byte === 0)) continue;
      const chunk = await redis.getBuffer(keys.chunk(node.toString('hex')));
      if (!chunk) return undefined;
      const proved = proveChunk(chunk, prefix, node);
      for (let position = 0; position < proved.count; position++) take(records, readRecord(proved.text(position)).record as SnapshotRecord);
    }
    while (header.revision < Number(revision)) {
      const delta = await redis.getBuffer(keys.delta(epoch, header.revision));
      if (!delta) return undefined;
      const { signed, changes } = openDelta(delta, trust, header);
      for (const change of changes()) {
        if (change.change === 'delete') records.delete(`${change.name.kind} ${change.name.id}`);
        else take(records, change.record as SnapshotRecord);
      }
      header = signed.header;
    }
    return new PublishedSnapshot(header, records);
  }

  /** The data of all records of a kind, by ascending id. */
  of<K extends RecordKind>(kind: K): RecordKinds[K][] {
    const data = [...this.records.values()].filter((record) => record.kind === kind).map((record) => record.data as RecordKinds[K]);
    return data.sort((a, b) => a.id - b.id);
  }
}

export function trustOf(config: StudioConfig, namespace = ''): SnapshotTrust {
  const key = createPublicKey(config.snapshotSigningKey);
  return { publicKeys: new Map([[keyIdOf(key), key]]), namespace };
}

function take(records: Map<string, SnapshotRecord>, record: SnapshotRecord): void {
  records.set(`${record.kind} ${record.id}`, record);
}
