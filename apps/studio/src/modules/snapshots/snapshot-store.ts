import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { SnapshotNamespaceEntity } from './snapshot-namespace.entity';
import type { StoredSnapshot } from './stored-snapshot';

interface SnapshotRow {
  namespace: string;
  epoch: string;
  revision: string;
  root: string;
  body: Buffer;
}

/** The stored snapshots. A revision is stored once: of two builders, the second gets the first one's bytes. */
@Injectable()
export class SnapshotStore {
  constructor(private readonly dataSource: DataSource) {}

  async epoch(tx: EntityManager = this.dataSource.manager): Promise<string> {
    const rows: { epoch: string }[] = await tx.query('SELECT epoch FROM snapshot_epoch');
    return rows[0]!.epoch;
  }

  namespaces(): Promise<SnapshotNamespaceEntity[]> {
    return this.dataSource.getRepository(SnapshotNamespaceEntity).find({ order: { namespace: 'ASC' } });
  }

  namespace(tx: EntityManager, namespace: string): Promise<SnapshotNamespaceEntity | null> {
    return tx.findOneBy(SnapshotNamespaceEntity, { namespace });
  }

  /** The newest of this epoch, or undefined while none was built. */
  async newest(namespace: string, tx: EntityManager = this.dataSource.manager): Promise<StoredSnapshot | undefined> {
    return this.one(tx, 'WHERE namespace = $1 AND epoch = (SELECT epoch FROM snapshot_epoch) ORDER BY revision DESC LIMIT 1', [namespace]);
  }

  async newestRevision(namespace: string, tx: EntityManager = this.dataSource.manager): Promise<number | null> {
    const rows: { revision: string | null }[] = await tx.query(
      `SELECT max(revision) AS revision FROM (SELECT namespace, epoch, revision FROM snapshots UNION ALL SELECT namespace, epoch, revision FROM snapshot_revisions) AS built
        WHERE namespace = $1 AND epoch = (SELECT epoch FROM snapshot_epoch)`,
      [namespace],
    );
    const revision = rows[0]?.revision ?? null;
    return revision === null ? null : Number(revision);
  }

  /** Stores it unless this revision is stored already; gives what is stored. */
  async add(snapshot: StoredSnapshot, parent: number | null): Promise<StoredSnapshot> {
    await this.dataSource.query(
      'INSERT INTO snapshots (namespace, epoch, revision, parent, root, body) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING',
      [snapshot.namespace, snapshot.epoch, snapshot.revision, parent, snapshot.root, snapshot.body],
    );
    const stored = await this.one(this.dataSource.manager, 'WHERE namespace = $1 AND epoch = $2 AND revision = $3', [snapshot.namespace, snapshot.epoch, snapshot.revision]);
    return stored ?? snapshot;
  }

  private async one(tx: EntityManager, condition: string, parameters: unknown[]): Promise<StoredSnapshot | undefined> {
    const rows: SnapshotRow[] = await tx.query(`SELECT namespace, epoch, revision, root, body FROM snapshots ${condition}`, parameters);
    const row = rows[0];
    return row && { ...row, revision: Number(row.revision) };
  }
}
