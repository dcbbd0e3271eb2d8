import { Inject, Injectable } from '@nestjs/common';
import { MAX_INLINE_DELTA_BYTES, snapshotKeys, SnapshotPublisher } from '@sluice/edge-link';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { LOGGER } from '../../../process.module';
import { RevisionBuilder } from '../building/revision-builder';
import { SnapshotRedis } from '../snapshot-redis';
import { SnapshotOutbox } from '../storage/outbox';
import { RevisionStore, type StoredDelta } from '../storage/revision-store';
import type { StoredRevision } from '../storage/stored-revision';
import { Checkpoints } from './checkpoints';
import { Revocations } from './revocations';

export type PublishReason = 'revision' | 'republish';

/** Why all of a namespace has to be written anew. */
export interface Damage {
  /** When this process learned of it, by `performance.now()`. */
  knownAtMs: number;
  /** How far apart two rewrites are at least, whichever worker does them. */
  apartMs: number;
}

const MAX_CHAIN_BYTES = 16 * 1_048_576;

/** Brings the newest revisions of a namespace to Redis, once, whichever worker is asked. */
@Injectable()
export class RevisionPublisher {
  private readonly publisher: SnapshotPublisher | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly builder: RevisionBuilder,
    private readonly outbox: SnapshotOutbox,
    private readonly revisions: RevisionStore,
    private readonly checkpoints: Checkpoints,
    private readonly revocations: Revocations,
    private readonly redis: SnapshotRedis,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.publisher = redis.redis && new SnapshotPublisher(redis.redis);
  }

  /**
   * Publishes what was committed since the last time; with `republish` the whole of it, whatever Redis has. Without Redis, gateways
   * fetch over HTTP alone and there is only the database to bring up to date.
   */
  async publish(namespace: string, reason: PublishReason): Promise<void> {
    await this.publishInTurn(namespace, reason);
  }

  /** Publishes the whole anew, unless that was begun after the damage was known, by whom ever. @returns false where it has to be asked for again. */
  mend(namespace: string, damage: Damage): Promise<boolean> {
    return this.publishInTurn(namespace, 'republish', damage);
  }

  /** Whether Redis has what was published last. True without Redis, and while it is away: there is nothing to be done then. */
  async stands(namespace: string): Promise<boolean> {
    if (!this.publisher || this.redis.away) return true;
    const position = await this.outbox.of(namespace);
    return !position || position.publishedRevision === 0 || this.publisher.stands({ ...position, revision: position.publishedRevision });
  }

  /** Renews the checkpoint when it is time for that. */
  async renewCheckpoint(namespace: string): Promise<void> {
    const newest = await this.revisions.newest(namespace);
    if (!this.publisher || !newest || this.redis.away || !(await this.checkpoints.due(newest))) return;
    const outcome = await this.checkpoints.write(this.publisher, newest);
    this.logger.info({ event: 'snapshot.checkpoint', namespace, revision: newest.revision, records: newest.records, outcome });
  }

  private async publishInTurn(namespace: string, reason: PublishReason, damage?: Damage): Promise<boolean> {
    const newest = await this.builder.current(namespace);
    // Built all the same, for the gateways that ask over HTTP. The sweep and the connection's return ask again.
    if (this.redis.away) return false;
    return this.dataSource.transaction(async (tx) => {
      // Between workers: an older revision is never published after a newer one, and none twice.
      await tx.query(`SELECT pg_advisory_xact_lock(hashtext('snapshot-publish'), hashtext($1))`, [namespace]);
      const published = (await this.outbox.of(namespace, tx))?.publishedRevision ?? 0;
      if (published > newest.revision || (published === newest.revision && reason === 'revision')) return false;
      // Taken before the other time, so that what is in doubt is written anew.
      const knownForMs = damage ? performance.now() - damage.knownAtMs : 0;
      const rewrite = reason === 'republish' ? await this.outbox.rewriteTime(namespace, tx) : undefined;
      if (damage && rewrite && rewrite.lastMsAgo < knownForMs) return true;
      if (damage && rewrite && rewrite.lastMsAgo < damage.apartMs) return false;
      if (this.publisher) await this.bring(this.publisher, newest, published, reason);
      await this.outbox.published(tx, newest);
      if (rewrite) await this.outbox.rewritten(tx, namespace, rewrite);
      const { revision, root, upserts, deletes } = newest;
      this.logger.info({ event: 'snapshot.published', namespace, revision, root, upserts, deletes, reason });
      return true;
    });
  }

  private async bring(publisher: SnapshotPublisher, newest: StoredRevision, published: number, reason: PublishReason): Promise<void> {
    const chain = reason === 'republish' || published === 0 ? undefined : await this.revisions.deltasAfter(newest.namespace, newest.epoch, published, MAX_CHAIN_BYTES);
    // Others may have built on, and that is for them to publish. A chain that was cut short for its size leads to the whole.
    const due = chain?.filter(({ signed }) => signed.header.revision <= newest.revision);
    const complete = due?.at(-1)?.signed.header.revision === newest.revision ? due : undefined;
    // Nobody can be ahead of what was read under the lock: the pointer was written by someone else, or by a history that a restore undid.
    if (reason === 'republish' && (await this.isAhead(newest))) await this.resetPointer(newest);
    const outcome = await (complete ? this.deltas(publisher, newest, complete) : this.whole(publisher, newest, published, reason));
    if (outcome === 'published') return;
    await this.resetPointer(newest);
    await this.checkpoints.write(publisher, newest);
  }

  private async isAhead({ namespace, epoch, revision }: StoredRevision): Promise<boolean> {
    const [pointerEpoch, pointerRevision] = (await this.redis.redis?.hmget(snapshotKeys(namespace).pointer, 'epoch', 'revision')) ?? [];
    return pointerEpoch === epoch && !(Number(pointerRevision) <= revision);
  }

  private async resetPointer({ namespace, revision }: StoredRevision): Promise<void> {
    this.logger.warn({ event: 'snapshot.pointer_reset', namespace, revision });
    await this.redis.redis?.del(snapshotKeys(namespace).pointer);
  }

  private async deltas(publisher: SnapshotPublisher, { namespace, epoch }: StoredRevision, chain: readonly StoredDelta[]): Promise<'published' | 'superseded'> {
    for (const { signed, bytes } of chain) {
      const { revision, parent } = signed.header;
      if (bytes.length > MAX_INLINE_DELTA_BYTES) await this.revoke(publisher, { namespace, epoch, revision }, parent ?? 0);
      if ((await publisher.publishDelta(signed, bytes)) === 'superseded') return 'superseded';
    }
    return 'published';
  }

  private async whole(publisher: SnapshotPublisher, newest: StoredRevision, published: number, reason: PublishReason): Promise<'published' | 'superseded'> {
    if (published > 0 && published < newest.revision) await this.revoke(publisher, newest, published);
    return this.checkpoints.write(publisher, newest, { rewrite: reason === 'republish' });
  }

  private async revoke(publisher: SnapshotPublisher, after: { namespace: string; epoch: string; revision: number }, before: number): Promise<void> {
    for (const revocation of await this.revocations.of(after, before)) await publisher.publishRevocation(revocation);
  }
}
