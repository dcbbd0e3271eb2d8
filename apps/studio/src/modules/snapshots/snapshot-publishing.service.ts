import { Inject, Injectable } from '@nestjs/common';
import { SnapshotPublisher } from '@sluice/edge-link';
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
    redis: SnapshotRedis,
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
    await this.dataSource.transaction(async (tx) => {
      // Between workers: an older snapshot is never published after a newer one, and none twice.
      await tx.query(`SELECT pg_advisory_xact_lock(hashtext('snapshot-publish'), hashtext($1))`, [namespace]);
      const published = await this.publishedRevision(tx, namespace);
      if (published > snapshot.revision || (published === snapshot.revision && reason === 'revision')) return;
      await this.publisher?.publish(headerOf(snapshot), snapshot.body);
      await this.advance(tx, snapshot);
      this.logger.info({ event: 'snapshot.published', namespace, revision: snapshot.revision, root: snapshot.root, bytes: snapshot.body.length, reason });
    });
  }

  /** Namespaces with something committed that is not published. */
  async pending(): Promise<{ namespace: string; revision: number }[]> {
    const rows: { namespace: string; revision: string }[] = await this.dataSource.query(
      'SELECT namespace, revision FROM snapshot_namespaces WHERE revision > published_revision ORDER BY namespace',
    );
    return rows.map((row) => ({ namespace: row.namespace, revision: Number(row.revision) }));
  }

  private async publishedRevision(tx: EntityManager, namespace: string): Promise<number> {
    const rows: { published_revision: string }[] = await tx.query('SELECT published_revision FROM snapshot_namespaces WHERE namespace = $1', [namespace]);
    return Number(rows[0]?.published_revision ?? 0);
  }

  private async advance(tx: EntityManager, snapshot: StoredSnapshot): Promise<void> {
    await tx.query('UPDATE snapshot_namespaces SET published_revision = $2, published_at = now() WHERE namespace = $1', [snapshot.namespace, snapshot.revision]);
  }
}
