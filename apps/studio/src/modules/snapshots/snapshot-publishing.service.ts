import { Inject, Injectable } from '@nestjs/common';
import { SnapshotPublisher, snapshotKeys } from '@sluice/edge-link';
import type { Logger } from 'pino';
import { DataSource, type EntityManager } from 'typeorm';
import { LOGGER } from '../../process.module';
import { SnapshotBuilder } from './snapshot-builder';
import { SnapshotRedis } from './snapshot-redis';
import { headerOf, type StoredSnapshot } from './stored-snapshot';

export type PublishReason = 'revision' | 'republish';

/** Brings the newest snapshot of a namespace to Redis, once, whichever worker is asked. */
@Injectable()
export class SnapshotPublishingService {
  private readonly publisher: SnapshotPublisher | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly builder: SnapshotBuilder,
    private readonly redis: SnapshotRedis,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.publisher = redis.redis && new SnapshotPublisher(redis.redis);
  }

  /**
   * Publishes what was committed since the last time; with `republish` also what was published before. Without Redis, gateways fetch
   * over HTTP alone and there is only the database to bring up to date.
   */
  async publish(namespace: string, reason: PublishReason): Promise<void> {
    const snapshot = await this.builder.current(namespace);
    // Built all the same, for the gateways that ask over HTTP. The sweep and the connection's return ask again.
    if (this.redis.away) return;
    await this.dataSource.transaction(async (tx) => {
      // Between workers: an older snapshot is never published after a newer one, and none twice.
      await tx.query(`SELECT pg_advisory_xact_lock(hashtext('snapshot-publish'), hashtext($1))`, [namespace]);
      const published = await this.publishedRevision(tx, namespace);
      if (published > snapshot.revision || (published === snapshot.revision && reason === 'revision')) return;
      await this.bring(snapshot);
      await this.advance(tx, snapshot);
      this.logger.info({ event: 'snapshot.published', namespace, revision: snapshot.revision, root: snapshot.root, bytes: snapshot.body.length, reason });
    });
  }

  /** Whether Redis points at what was published last. True without Redis, and while it is away: there is nothing to be done then. */
  async stands(namespace: string): Promise<boolean> {
    if (!this.redis.redis || this.redis.away) return true;
    const { published, epoch } = await this.published(namespace);
    if (published === 0) return true;
    const keys = snapshotKeys(namespace);
    const [pointerEpoch, revision] = await this.redis.redis.hmget(keys.pointer, 'epoch', 'revision');
    if (pointerEpoch !== epoch || Number(revision) !== published) return false;
    return (await this.redis.redis.exists(keys.body(epoch, published))) === 1;
  }

  /** Namespaces with something committed that is not published. */
  async pending(): Promise<{ namespace: string; revision: number }[]> {
    const rows: { namespace: string; revision: string }[] = await this.dataSource.query(
      'SELECT namespace, revision FROM snapshot_namespaces WHERE revision > published_revision ORDER BY namespace',
    );
    return rows.map((row) => ({ namespace: row.namespace, revision: Number(row.revision) }));
  }

  private async bring(snapshot: StoredSnapshot): Promise<void> {
    const header = headerOf(snapshot);
    if ((await this.publisher?.publish(header, snapshot.body)) !== 'superseded') return;
    // Nobody can be ahead of what was read under the lock: the pointer was written by someone else, or by a history that a restore undid.
    this.logger.warn({ event: 'snapshot.pointer_reset', namespace: snapshot.namespace, revision: snapshot.revision });
    await this.redis.redis?.del(snapshotKeys(snapshot.namespace).pointer);
    await this.publisher?.publish(header, snapshot.body);
  }

  private async published(namespace: string): Promise<{ published: number; epoch: string }> {
    const rows: { published: string; epoch: string }[] = await this.dataSource.query(
      'SELECT published_revision AS published, epoch FROM snapshot_namespaces, snapshot_epoch WHERE namespace = $1',
      [namespace],
    );
    return { published: Number(rows[0]?.published ?? 0), epoch: rows[0]?.epoch ?? '' };
  }

  private async publishedRevision(tx: EntityManager, namespace: string): Promise<number> {
    const rows: { published_revision: string }[] = await tx.query('SELECT published_revision FROM snapshot_namespaces WHERE namespace = $1', [namespace]);
    return Number(rows[0]?.published_revision ?? 0);
  }

  private async advance(tx: EntityManager, snapshot: StoredSnapshot): Promise<void> {
    await tx.query('UPDATE snapshot_namespaces SET published_revision = $2, published_at = now() WHERE namespace = $1', [snapshot.namespace, snapshot.revision]);
  }
}
