import type { Format1Header } from '@sluice/config-snapshot';
import type { Redis } from 'ioredis';
import { PUBLISH_SCRIPT } from './publish-script';
import { snapshotKeys } from './snapshot-keys';

/** Gateways that are downloading a body while newer ones come still get it whole. */
const KEPT_BODIES = 3;

/** A body whose publisher died before it moved the pointer goes away by itself. */
const UNPUBLISHED_SECONDS = 600;

/** What goes over the channel. Only a hint: a gateway reads the pointer, and believes nothing but a signature. */
export interface Announcement {
  epoch: string;
  revision: number;
  root: string;
  /** Where the body lies. */
  key: string;
}

/** Brings snapshots to Redis, for any number of studios side by side. */
export class SnapshotPublisher {
  constructor(private readonly redis: Redis) {}

  /**
   * Writes the body, then moves the pointer and announces it. Safe to repeat: the same revision is written and announced
   * again. Within an epoch the pointer never goes back; between epochs the one that was made later wins.
   * @returns `superseded` when the pointer was already ahead, so that nothing changed.
   * @throws what ioredis throws when Redis is out of reach; the snapshot may then be published or not.
   */
  async publish(header: Format1Header, body: Uint8Array): Promise<'published' | 'superseded'> {
    const { epoch, revision, root } = header;
    const keys = snapshotKeys(header.namespace);
    const key = keys.body(epoch, revision);
    const announcement: Announcement = { epoch, revision, root, key };
    await this.redis.set(key, Buffer.from(body.buffer, body.byteOffset, body.byteLength), 'EX', UNPUBLISHED_SECONDS);
    const scriptKeys = [keys.pointer, keys.history, key];
    const values = [epoch, revision, root, Date.parse(header.created_at), JSON.stringify(announcement), keys.channel, KEPT_BODIES];
    const moved = await this.redis.eval(PUBLISH_SCRIPT, scriptKeys.length, ...scriptKeys, ...values);
    return moved === 1 ? 'published' : 'superseded';
  }
}
