import { Injectable } from '@nestjs/common';
import { canonicalText, type JsonValue, type SignedHeader, type SnapshotHeader } from '@sluice/config-snapshot';
import { DataSource, type EntityManager } from 'typeorm';
import type { StoredRevision } from './stored-revision';

/** The way from a revision to a later one, as it travels. */
export interface StoredDelta {
  signed: SignedHeader;
  bytes: Buffer;
}

type SignedRow = Pick<RevisionRow, 'header' | 'key_id' | 'signature'>;

interface RevisionRow {
  namespace: string;
  epoch: string;
  revision: string;
  parent: string | null;
  root: string;
  records: number;
  upserts: number;
  deletes: number;
  header: string;
  key_id: string;
  signature: string;
  created_at: Date;
}

const COLUMNS = 'namespace, epoch, revision, parent, root, records, upserts, deletes, header, key_id, signature, created_at';
const THIS_EPOCH = 'epoch = (SELECT epoch FROM snapshot_epoch)';

/** The signed revisions of all namespaces. Those of an abandoned epoch are as if they were not there. */
@Injectable()
export class RevisionStore {
  constructor(private readonly dataSource: DataSource) {}

  /** The newest, or undefined while none was built. */
  async newest(namespace: string, tx: EntityManager = this.dataSource.manager): Promise<StoredRevision | undefined> {
    return this.one(tx, `WHERE namespace = $1 AND ${THIS_EPOCH} ORDER BY revision DESC LIMIT 1`, [namespace]);
  }

  async get(namespace: string, revision: number, tx: EntityManager = this.dataSource.manager): Promise<StoredRevision | undefined> {
    return this.one(tx, `WHERE namespace = $1 AND ${THIS_EPOCH} AND revision = $2`, [namespace, revision]);
  }

  /** Newest first, those before `before`. */
  async list(namespace: string, { before, limit }: { before: number | undefined; limit: number }): Promise<StoredRevision[]> {
    const sql = `SELECT ${COLUMNS} FROM snapshot_revisions WHERE namespace = $1 AND ${THIS_EPOCH} AND ($2::bigint IS NULL OR revision < $2) ORDER BY revision DESC LIMIT $3`;
    const rows: RevisionRow[] = await this.dataSource.query(sql, [namespace, before ?? null, limit]);
    return rows.map(toRevision);
  }

  async add(tx: EntityManager, revision: Omit<StoredRevision, 'createdAt'>, delta: Buffer | null): Promise<StoredRevision> {
    const { namespace, epoch, parent, root, records, upserts, deletes, signed } = revision;
    const header = canonicalText(signed.header as unknown as JsonValue);
    await tx.query(
      `INSERT INTO snapshot_revisions (namespace, epoch, revision, parent, root, records, upserts, deletes, header, key_id, signature, delta, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      [namespace, epoch, revision.revision, parent, root, records, upserts, deletes, header, signed.key_id, signed.signature, delta, signed.header.created_at],
    );
    return { ...revision, createdAt: new Date(signed.header.created_at) };
  }

  /**
   * The deltas that follow a revision, each with the one before it as its parent, up to the newest or to `maxBytes`; at least one if
   * there is one. Undefined when the way from there is not known (any more).
   */
  async deltasAfter(namespace: string, epoch: string, after: number, maxBytes: number): Promise<StoredDelta[] | undefined> {
    const rows: (SignedRow & { delta: Buffer | null })[] = await this.dataSource.query(
      `SELECT header, key_id, signature, delta FROM (
         SELECT revision, header, key_id, signature, delta, sum(coalesce(length(delta), 0)) OVER (ORDER BY revision ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
           FROM snapshot_revisions WHERE namespace = $1 AND epoch = $2 AND ${THIS_EPOCH} AND revision > $3) AS chain
        WHERE coalesce(before, 0) < $4 ORDER BY revision`,
      [namespace, epoch, after, maxBytes],
    );
    const deltas: StoredDelta[] = [];
    let position = after;
    for (const row of rows) {
      const signed = toSigned(row);
      // Where a link of the chain has no bytes, a gateway has to begin anew.
      if (row.delta === null || signed.header.parent !== position) return undefined;
      position = signed.header.revision;
      deltas.push({ signed, bytes: row.delta });
    }
    return deltas;
  }

  /** How much has come to a namespace since a revision. */
  async since({ namespace, epoch }: Pick<StoredRevision, 'namespace' | 'epoch'>, revision: number): Promise<{ count: number; bytes: number; ageSeconds: number }> {
    const rows: { count: number; bytes: string; age_seconds: number }[] = await this.dataSource.query(
      `SELECT count(*)::integer AS count, coalesce(sum(length(delta)), 0) AS bytes, coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS age_seconds
         FROM snapshot_revisions WHERE namespace = $1 AND epoch = $2 AND revision > $3`,
      [namespace, epoch, revision],
    );
    const { count, bytes, age_seconds: ageSeconds } = rows[0]!;
    return { count, bytes: Number(bytes), ageSeconds };
  }

  private async one(tx: EntityManager, condition: string, parameters: unknown[]): Promise<StoredRevision | undefined> {
    const rows: RevisionRow[] = await tx.query(`SELECT ${COLUMNS} FROM snapshot_revisions ${condition}`, parameters);
    return rows[0] && toRevision(rows[0]);
  }
}

function toRevision(row: RevisionRow): StoredRevision {
  const { namespace, epoch, root, records, upserts, deletes, created_at: createdAt } = row;
  const parent = row.parent === null ? null : Number(row.parent);
  return { namespace, epoch, revision: Number(row.revision), parent, root, records, upserts, deletes, signed: toSigned(row), createdAt };
}

function toSigned({ header, key_id, signature }: SignedRow): SignedHeader {
  return { header: JSON.parse(header) as SnapshotHeader, key_id, signature };
}
