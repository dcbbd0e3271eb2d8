import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SnapshotNamespaceEntity } from './snapshot-namespace.entity';

/** Where namespaces stand, for those who compare gateways with it. */
@Injectable()
export class SnapshotStore {
  constructor(private readonly dataSource: DataSource) {}

  async epoch(): Promise<string> {
    const rows: { epoch: string }[] = await this.dataSource.query('SELECT epoch FROM snapshot_epoch');
    return rows[0]!.epoch;
  }

  namespaces(): Promise<SnapshotNamespaceEntity[]> {
    return this.dataSource.getRepository(SnapshotNamespaceEntity).find({ order: { namespace: 'ASC' } });
  }

  /** The newest revision that a gateway can fetch; null while none was built. */
  async newestRevision(namespace: string): Promise<number | null> {
    const rows: { revision: string | null }[] = await this.dataSource.query(
      'SELECT max(revision) AS revision FROM snapshot_revisions WHERE namespace = $1 AND epoch = (SELECT epoch FROM snapshot_epoch)',
      [namespace],
    );
    const revision = rows[0]?.revision ?? null;
    return revision === null ? null : Number(revision);
  }
}
