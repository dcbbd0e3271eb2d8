import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SnapshotNamespaceEntity } from './snapshot-namespace.entity';

/** Where damage to what was published is made known inside Postgres; the payload is the namespace. */
export const DAMAGE_CHANNEL = 'sluice_snapshot_damage';

/** What a gateway says of a snapshot that it refused. */
export interface Refusal {
  code: string;
  path: string;
}

/** These refusals say that what a gateway read is not what was signed. The others say that it was, and cannot be used there. */
const NOT_AS_SIGNED = new Set(['snapshot.badEncoding', 'snapshot.badSignature', 'snapshot.badRoot', 'snapshot.badDelta']);
/** The studio writes neither as large as this; a snapshot as a whole may really be more than a gateway takes. */
const NEVER_TOO_LARGE = new Set(['/header', '/index']);

/** Where namespaces stand, for those who compare gateways with it. */
@Injectable()
export class SnapshotStore {
  constructor(private readonly dataSource: DataSource) {}

  async epoch(): Promise<string> {
    const rows: { epoch: string }[] = await this.dataSource.query('SELECT epoch FROM snapshot_epoch');
    return rows[0]!.epoch;
  }

  /** A gateway refused what it read. Where somebody must have written over it, it is published anew. */
  async refused(namespace: string, refusal: Refusal): Promise<void> {
    if (isDamage(refusal)) await this.dataSource.query(`SELECT pg_notify('${DAMAGE_CHANNEL}', $1)`, [namespace]);
  }

  /** Where a gateway refused what somebody must have written over, and has applied nothing since: for those who may have missed being told. */
  async damaged(): Promise<string[]> {
    const rows: { namespace: string; refusal: Refusal }[] = await this.dataSource.query(
      'SELECT namespace, last_nack AS refusal FROM gateways WHERE last_nack IS NOT NULL AND removed_at IS NULL',
    );
    return [...new Set(rows.filter(({ refusal }) => isDamage(refusal)).map(({ namespace }) => namespace))];
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

function isDamage({ code, path }: Refusal): boolean {
  return NOT_AS_SIGNED.has(code) || (code === 'snapshot.tooLarge' && NEVER_TOO_LARGE.has(path));
}
