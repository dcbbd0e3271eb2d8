import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

/** How far a namespace has come. */
export interface OutboxPosition {
  namespace: string;
  epoch: string;
  revision: number;
  /** 0: nothing of this epoch. */
  publishedRevision: number;
}

/** The clock of the database, by which processes know of each other's rewrites. */
export interface RewriteTime {
  now: string;
  /** How long ago the last one began; Infinity where there was none, or where the clock was put back since. */
  lastMsAgo: number;
}

interface Row {
  namespace: string;
  epoch: string;
  revision: string;
  published_revision: string;
}

const SELECT = 'SELECT namespace, epoch, revision, published_revision FROM snapshot_namespaces, snapshot_epoch';

/** What is committed, and what of it is published: while they differ there is something to do, whoever crashed in between. */
@Injectable()
export class SnapshotOutbox {
  constructor(private readonly dataSource: DataSource) {}

  async of(namespace: string, tx: EntityManager = this.dataSource.manager): Promise<OutboxPosition | undefined> {
    const rows: Row[] = await tx.query(`${SELECT} WHERE namespace = $1`, [namespace]);
    return rows[0] && toPosition(rows[0]);
  }

  async all(): Promise<OutboxPosition[]> {
    const rows: Row[] = await this.dataSource.query(`${SELECT} ORDER BY namespace`);
    return rows.map(toPosition);
  }

  /** Namespaces with something committed that is not published. */
  async pending(): Promise<OutboxPosition[]> {
    const rows: Row[] = await this.dataSource.query(`${SELECT} WHERE revision > published_revision ORDER BY namespace`);
    return rows.map(toPosition);
  }

  /** To be asked under the lock of the publishers, right before all of a namespace is written anew. */
  async rewriteTime(namespace: string, tx: EntityManager): Promise<RewriteTime> {
    const rows: { now: string; ago: string | null }[] = await tx.query(
      'SELECT clock_timestamp()::text AS now, (SELECT extract(epoch FROM clock_timestamp() - rewritten_at) * 1000 FROM snapshot_namespaces WHERE namespace = $1) AS ago',
      [namespace],
    );
    const { now, ago } = rows[0]!;
    return { now, lastMsAgo: ago === null || Number(ago) < 0 ? Infinity : Number(ago) };
  }

  /** All of it was written anew; only now, since a row that is locked for as long as that takes would hold up every change. */
  async rewritten(tx: EntityManager, namespace: string, { now }: RewriteTime): Promise<void> {
    await tx.query('UPDATE snapshot_namespaces SET rewritten_at = $2 WHERE namespace = $1', [namespace, now]);
  }

  async published(tx: EntityManager, { namespace, revision }: { namespace: string; revision: number }): Promise<void> {
    await tx.query('UPDATE snapshot_namespaces SET published_revision = $2, published_at = now() WHERE namespace = $1', [namespace, revision]);
  }
}

function toPosition({ namespace, epoch, revision, published_revision: published }: Row): OutboxPosition {
  return { namespace, epoch, revision: Number(revision), publishedRevision: Number(published) };
}
