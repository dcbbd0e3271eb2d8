import { encodeRevocation, type SignedHeader, type SignedRevocation } from '@sluice/config-snapshot';
import type { Redis } from 'ioredis';
import { encodeAnnouncement } from './announcement';
import { CheckpointPublisher, type Checkpoint } from './checkpoint-publisher';
import { PUBLISH_DELTA_SCRIPT } from './publish-delta-script';
import { snapshotKeys } from './snapshot-keys';

/** How far back a gateway can follow deltas; what is older starts from the checkpoint. */
const KEPT_DELTAS = 1_000;
const KEPT_DELTA_BYTES = 16 * 1_048_576;

/** Brings snapshots to Redis, for any number of studios side by side. */
export class SnapshotPublisher {
  private readonly checkpoints: CheckpointPublisher;

  constructor(private readonly redis: Redis) {
    this.checkpoints = new CheckpointPublisher(redis);
  }

  /**
   * Keeps the delta that leads to a revision, moves the pointer to it and announces it, in one step. Safe to repeat. Within an epoch
   * the pointer never goes back; between epochs the one that was made later wins.
   * @param delta what `encodeDelta` gave for this header.
   * @returns `superseded` when the pointer was already ahead, so that nothing changed.
   * @throws what ioredis throws when Redis is out of reach; the delta may then be published or not.
   */
  async publishDelta({ header }: SignedHeader, delta: Uint8Array): Promise<'published' | 'superseded'> {
    const { namespace, epoch, revision, root, parent, created_at } = header;
    const keys = snapshotKeys(namespace);
    const bytes = Buffer.from(delta.buffer, delta.byteOffset, delta.byteLength);
    const values = [epoch, revision, root, Date.parse(created_at), bytes, bytes.length, encodeAnnouncement(header, delta), keys.channel, KEPT_DELTAS, KEPT_DELTA_BYTES];
    const moved = await this.redis.eval(PUBLISH_DELTA_SCRIPT, 3, keys.pointer, keys.history, keys.delta(epoch, parent), ...values);
    return moved === 1 ? 'published' : 'superseded';
  }

  /**
   * Writes the whole of a revision: the chunks that Redis does not have, then the index, then the pointer where that is behind. The
   * last two checkpoints are kept. Safe to repeat; this alone is enough to restore a Redis that lost everything.
   * @param options.rewrite writes chunks that are there as well, for somebody may have written over them.
   * @returns `superseded` when a newer checkpoint stands.
   * @throws what ioredis and `checkpoint.chunk` throw; gateways then still see the checkpoint before it.
   */
  publishCheckpoint(checkpoint: Checkpoint, options: { rewrite?: boolean } = {}): Promise<'published' | 'superseded'> {
    return this.checkpoints.publish(checkpoint, options);
  }

  /** Tells gateways to refuse tokens at once. Nothing is kept: the delta that follows takes them away for good. */
  async publishRevocation(signed: SignedRevocation): Promise<void> {
    await this.redis.publish(snapshotKeys(signed.revocation.namespace).channel, encodeRevocation(signed));
  }

  /** Whether Redis has what a gateway needs to reach this revision: the pointer, a checkpoint with all its chunks, the deltas after it. */
  async stands({ namespace, epoch, revision }: Pick<SignedHeader['header'], 'namespace' | 'epoch' | 'revision'>): Promise<boolean> {
    const keys = snapshotKeys(namespace);
    const [pointerEpoch, pointerRevision, checkpoint] = await this.redis.hmget(keys.pointer, 'epoch', 'revision', 'checkpoint');
    if (pointerEpoch !== epoch || Number(pointerRevision) !== revision || !checkpoint) return false;
    const first = Number(checkpoint);
    const deltas = (await this.redis.lrange(keys.history, 0, -1)).map((entry) => entry.slice(entry.indexOf(' ') + 1)).filter((key) => Number(key.slice(key.lastIndexOf(':') + 1)) >= first);
    if (first < revision && deltas.length === 0) return false;
    if (deltas.length > 0 && (await this.redis.exists(...deltas)) < deltas.length) return false;
    return this.checkpoints.stands(namespace, epoch, first);
  }
}
