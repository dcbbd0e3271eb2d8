import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RecordName } from './record-name';

/** Where a committed revision is announced inside Postgres; the payload is the namespace that was written. */
export const REVISION_CHANNEL = 'sluice_revision';

/**
 * Takes revisions. The row of `snapshot_namespaces` is the outbox: while `revision > published_revision` there is something to publish,
 * whoever crashed in between. The notification is delivered by Postgres when, and only when, the transaction commits.
 */
@Injectable()
export class RevisionService {
  /**
   * Takes a new revision of a namespace in the caller's transaction, or of every known namespace for `''`, since what is written
   * there reaches all gateways. Call it from every write that gateways care about, after the write itself.
   * @param touched every record that may be another one now, or gone: the next snapshot looks at these and at no others.
   */
  async bump(tx: EntityManager, namespace: string, touched: readonly RecordName[]): Promise<void> {
    await takeRevisionTurn(tx);
    await tx.query(`INSERT INTO snapshot_namespaces (namespace) VALUES (''), ($1) ON CONFLICT DO NOTHING`, [namespace]);
    await this.raise(tx, `$1 = '' OR namespace = $1`, namespace, touched);
  }

  /** Takes a new revision of this one namespace and no other, since its snapshot is not what it should be. */
  async mend(tx: EntityManager, namespace: string, touched: readonly { kind: string; id: string }[]): Promise<void> {
    await takeRevisionTurn(tx);
    await this.raise(tx, 'namespace = $1', namespace, touched);
  }

  /** Makes a namespace known, with a first revision to publish. A known one stays as it is. */
  async ensureNamespace(tx: EntityManager, namespace: string): Promise<void> {
    if (await this.isKnown(tx, namespace)) return;
    await takeRevisionTurn(tx);
    await tx.query(`INSERT INTO snapshot_namespaces (namespace, revision) VALUES ($1, 1) ON CONFLICT DO NOTHING`, [namespace]);
    await this.announce(tx, namespace);
  }

  private async raise(tx: EntityManager, condition: string, namespace: string, touched: readonly { kind: string; id: number | string }[]): Promise<void> {
    await tx.query(
      `WITH raised AS (UPDATE snapshot_namespaces SET revision = revision + 1, changed_at = now() WHERE ${condition} RETURNING namespace)
       INSERT INTO snapshot_changes (namespace, kind, record_id) SELECT raised.namespace, touched.kind, touched.id FROM raised, unnest($2::text[], $3::text[]) AS touched (kind, id)`,
      [namespace, touched.map(({ kind }) => kind), touched.map(({ id }) => String(id))],
    );
    await this.announce(tx, namespace);
  }

  private async isKnown(tx: EntityManager, namespace: string): Promise<boolean> {
    const rows: unknown[] = await tx.query(`SELECT 1 FROM snapshot_namespaces WHERE namespace = $1`, [namespace]);
    return rows.length > 0;
  }

  private async announce(tx: EntityManager, namespace: string): Promise<void> {
    await tx.query(`SELECT pg_notify('${REVISION_CHANNEL}', $1)`, [namespace]);
  }
}

/**
 * Held until the commit: revisions are committed in their order, a namespace that appears is not missed by a write to all, and writers
 * of several namespaces cannot wait for each other in a circle.
 */
export async function takeRevisionTurn(tx: EntityManager): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('${REVISION_CHANNEL}'))`);
}
