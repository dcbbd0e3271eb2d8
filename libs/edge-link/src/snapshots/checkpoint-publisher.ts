import type { SignedHeader } from '@sluice/config-snapshot';
import type { Redis } from 'ioredis';
import { encodeAnnouncement } from './announcement';
import { chunksOf } from './checkpoint-chunks';
import { PUBLISH_CHECKPOINT_SCRIPT } from './publish-checkpoint-script';
import { snapshotKeys } from './snapshot-keys';

/** A gateway that fetches an older checkpoint while newer ones come still gets it whole. */
const KEPT_CHECKPOINTS = 2;

/** How long chunks stay that no kept checkpoint needs, or whose publisher died before it named them. */
const EXPIRE_SECONDS = 600;

const CHUNKS_AT_ONCE = 16;

export interface Checkpoint {
  signed: SignedHeader;
  /** `encodeIndex(signed, tree)`. */
  index: Uint8Array;
  /** The bytes of a chunk, asked for only when Redis does not have it. */
  chunk(prefix: number): Promise<Uint8Array> | Uint8Array;
}

/** Writes checkpoints: the index, and those chunks that no earlier checkpoint had. */
export class CheckpointPublisher {
  constructor(private readonly redis: Redis) {}

  async publish({ signed, index, chunk }: Checkpoint, { rewrite = false } = {}): Promise<'published' | 'superseded'> {
    const { epoch, revision, root, created_at, namespace, parent } = signed.header;
    const keys = snapshotKeys(namespace);
    const chunks = chunksOf(index).map(({ prefix, value }) => ({ prefix, key: keys.chunk(value) }));
    const missing = rewrite ? chunks : await this.missing(chunks);
    for (let start = 0; start < missing.length; start += CHUNKS_AT_ONCE) {
      const batch = missing.slice(start, start + CHUNKS_AT_ONCE);
      await Promise.all(batch.map(async ({ prefix, key }) => this.redis.set(key, asBuffer(await chunk(prefix)), 'EX', EXPIRE_SECONDS)));
    }
    const scriptKeys = [keys.pointer, keys.checkpoints, keys.index(epoch, revision)];
    const announcement = encodeAnnouncement({ epoch, revision, root, parent }, new Uint8Array(0));
    const values = [epoch, revision, root, Date.parse(created_at), asBuffer(index), announcement, keys.channel, KEPT_CHECKPOINTS, ...chunks.map(({ key }) => key)];
    const surplus = (await this.redis.eval(PUBLISH_CHECKPOINT_SCRIPT, scriptKeys.length, ...scriptKeys, ...values)) as string[] | null;
    if (surplus === null) return 'superseded';
    await this.retire(namespace, surplus);
    return 'published';
  }

  /** Whether the newest checkpoint lies there with all its chunks. */
  async stands(namespace: string, epoch: string, revision: number): Promise<boolean> {
    const keys = snapshotKeys(namespace);
    const index = await this.redis.getBuffer(keys.index(epoch, revision));
    return index !== null && (await this.missing(chunksOf(index).map(({ prefix, value }) => ({ prefix, key: keys.chunk(value) })))).length === 0;
  }

  private async missing<T extends { key: string }>(chunks: readonly T[]): Promise<T[]> {
    const there = await Promise.all(
      chunks.map(async ({ key }) => {
        // First it is kept from going away, and then looked for.
        await this.redis.persist(key);
        return this.redis.exists(key);
      }),
    );
    return chunks.filter((_, position) => there[position] === 0);
  }

  private async retire(namespace: string, surplus: readonly string[]): Promise<void> {
    if (surplus.length === 0) return;
    const keys = snapshotKeys(namespace);
    const kept = new Set((await this.names(await this.redis.lrange(keys.checkpoints, 0, -1))));
    const gone = (await this.names(surplus)).filter((name) => !kept.has(name)).map(keys.chunk);
    await Promise.all([...gone, ...surplus].map((key) => this.redis.expire(key, EXPIRE_SECONDS)));
  }

  private async names(indexKeys: readonly string[]): Promise<string[]> {
    const blobs = await Promise.all(indexKeys.map((key) => this.redis.getBuffer(key)));
    return blobs.flatMap((blob) => (blob ? chunksOf(blob).map(({ value }) => value) : []));
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
