import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SnapshotNamespaceEntity } from './snapshot-namespace.entity';

/** Where damage to what was published is made known inside Postgres; the payload is the namespace. */
export const DAMAGE_CHANNEL = 'sluice_snapshot_damage';

/** These refusals say that what a gateway read is not what was signed. The others say that it was, and cannot be used there. */
const NOT_AS_SIGNED = new Set(['snapshot.badEncoding', 'snapshot.badSignature', 'snapshot.badRoot', 'snapshot.badDelta', 'snapshot.tooLarge']);

/** Where namespaces stand, for those who compare gateways with it. */
@Injectable()
export class SnapshotStore {
  constructor(private readonly dataSource: DataSource) {}

  async epoch(): Promise<string> {
    const rows: { epoch: string }[] = await this.dataSource.query('SELECT epoch FROM snapshot_epoch');
    return rows[0]!.epoch;
  }

  /** A gateway refused what it read. Where somebody must have written over it, it is published anew. */
  async refused(namespace: string, code: string): Promise<void> {
    if (NOT_AS_SIGNED.has(code)) await this.dataSource.query(`SELECT pg_notify('${DAMAGE_CHANNEL}', $1)`, [namespace]);
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
