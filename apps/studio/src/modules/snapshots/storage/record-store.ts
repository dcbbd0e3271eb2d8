import { Injectable } from '@nestjs/common';
import type { JsonObject, RecordName } from '@sluice/config-snapshot';
import { DataSource, type EntityManager } from 'typeorm';
import { nameText, type RecordVersion } from './record-version';

/** A record in two snapshots; null where it is not there. */
export interface TwoTexts extends RecordName {
  before: string | null;
  after: string | null;
}

export interface RestorableTexts {
  id: string;
  before: string | null;
  after: string | null;
  origin: JsonObject | null;
}

/** Of which snapshot. */
export interface RevisionOf {
  namespace: string;
  epoch: string;
  revision: number;
}

const AT = 'from_revision <= $3 AND (to_revision IS NULL OR to_revision > $3)';

/** The versions of records that snapshots consist of. */
@Injectable()
export class RecordStore {
  constructor(private readonly dataSource: DataSource) {}

  /** The hashes of the named records in the newest snapshot, by `nameText`. */
  async openHashes(tx: EntityManager, { namespace, epoch }: Omit<RevisionOf, 'revision'>, names: readonly RecordName[]): Promise<Map<string, Buffer>> {
    const rows: (RecordName & { hash: Buffer })[] = await tx.query(
      `SELECT record.kind, record.id, record.hash FROM unnest($3::text[], $4::text[]) AS wanted (kind, id)
         JOIN snapshot_records record ON record.namespace = $1 AND record.epoch = $2 AND record.kind = wanted.kind AND record.id = wanted.id AND record.to_revision IS NULL`,
      [namespace, epoch, names.map(({ kind }) => kind), names.map(({ id }) => id)],
    );
    return new Map(rows.map((row) => [nameText(row), row.hash]));
  }

  /** The hashes of all records in the newest snapshot, by `nameText`. */
  async allOpenHashes(tx: EntityManager, { namespace, epoch }: Omit<RevisionOf, 'revision'>): Promise<Map<string, Buffer>> {
    const rows: (RecordName & { hash: Buffer })[] = await tx.query('SELECT kind, id, hash FROM snapshot_records WHERE namespace = $1 AND epoch = $2 AND to_revision IS NULL', [namespace, epoch]);
    return new Map(rows.map((row) => [nameText(row), row.hash]));
  }

  /** Ends the versions of these records with a revision. */
  async close(tx: EntityManager, { namespace, epoch, revision }: RevisionOf, names: readonly RecordName[]): Promise<void> {
    if (names.length === 0) return;
    await tx.query(
      `UPDATE snapshot_records record SET to_revision = $3 FROM unnest($4::text[], $5::text[]) AS closed (kind, id)
        WHERE record.namespace = $1 AND record.epoch = $2 AND record.kind = closed.kind AND record.id = closed.id AND record.to_revision IS NULL`,
      [namespace, epoch, revision, names.map(({ kind }) => kind), names.map(({ id }) => id)],
    );
  }

  /** Begins versions with a revision. */
  async open(tx: EntityManager, { namespace, epoch, revision }: RevisionOf, versions: readonly RecordVersion[]): Promise<void> {
    if (versions.length === 0) return;
    await tx.query(
      `INSERT INTO snapshot_records (namespace, epoch, from_revision, kind, id, prefix, hash, text, refers_to, origin)
       SELECT $1, $2, $3, kind, id, get_byte(hash, 0), hash, text, refers_to, origin
         FROM unnest($4::text[], $5::text[], $6::bytea[], $7::text[], $8::text[], $9::jsonb[]) AS opened (kind, id, hash, text, refers_to, origin)`,
      [
        namespace,
        epoch,
        revision,
        versions.map(({ kind }) => kind),
        versions.map(({ id }) => id),
        versions.map(({ hash }) => hash),
        versions.map(({ text }) => text),
        versions.map(({ refersTo }) => refersTo),
        versions.map(({ origin }) => origin && JSON.stringify(origin)),
      ],
    );
  }

  /** The hashes of a snapshot, sorted, one after the other, by their first byte. */
  async hashesByPrefix(tx: EntityManager, { namespace, epoch, revision }: RevisionOf): Promise<{ prefix: number; hashes: Buffer }[]> {
    return tx.query(
      `SELECT prefix, string_agg(hash, ''::bytea ORDER BY hash) AS hashes FROM snapshot_records WHERE namespace = $1 AND epoch = $2 AND ${AT} GROUP BY prefix`,
      [namespace, epoch, revision],
    );
  }

  /** The hashes by which a snapshot differs from an older one. */
  async hashesBetween(tx: EntityManager, { namespace, epoch, revision }: RevisionOf, olderRevision: number): Promise<{ added: Buffer[]; removed: Buffer[] }> {
    const rows: { hash: Buffer; is_added: boolean }[] = await tx.query(
      `SELECT hash, true AS is_added FROM snapshot_records WHERE namespace = $1 AND epoch = $2 AND from_revision > $4 AND ${AT}
       UNION ALL
       SELECT hash, false FROM snapshot_records WHERE namespace = $1 AND epoch = $2 AND from_revision <= $4 AND to_revision > $4 AND to_revision <= $3`,
      [namespace, epoch, revision, olderRevision],
    );
    return { added: rows.filter((row) => row.is_added).map(({ hash }) => hash), removed: rows.filter((row) => !row.is_added).map(({ hash }) => hash) };
  }

  /** The bytes of a chunk: the texts of the records of a snapshot whose hash has this first byte, by hash, each with a line feed. */
  async chunk({ namespace, epoch, revision }: RevisionOf, prefix: number, tx: EntityManager = this.dataSource.manager): Promise<Buffer> {
    const rows: { text: string | null }[] = await tx.query(
      `SELECT string_agg(text || E'\\n', '' ORDER BY hash) AS text FROM snapshot_records WHERE namespace = $1 AND epoch = $2 AND ${AT} AND prefix = $4`,
      [namespace, epoch, revision, prefix],
    );
    return Buffer.from(rows[0]?.text ?? '', 'utf8');
  }

  /** The texts of records of a kind that an older snapshot has and a newer one has not. */
  async removedTexts({ namespace, epoch, revision }: RevisionOf, olderRevision: number, kind: string): Promise<string[]> {
    const rows: { text: string }[] = await this.dataSource.query(
      `SELECT record.text FROM snapshot_records record WHERE namespace = $1 AND epoch = $2 AND kind = $5 AND from_revision <= $4 AND to_revision > $4 AND to_revision <= $3
          AND NOT EXISTS (SELECT FROM snapshot_records other WHERE other.namespace = $1 AND other.epoch = $2 AND other.kind = $5 AND other.id = record.id
            AND other.from_revision > $4 AND other.from_revision <= $3 AND (other.to_revision IS NULL OR other.to_revision > $3))`,
      [namespace, epoch, revision, olderRevision, kind],
    );
    return rows.map(({ text }) => text);
  }

  /** How many records of each kind a snapshot has. */
  async countByKind({ namespace, epoch, revision }: RevisionOf): Promise<Record<string, number>> {
    const rows: { kind: string; count: number }[] = await this.dataSource.query(
      `SELECT kind, count(*)::integer AS count FROM snapshot_records WHERE namespace = $1 AND epoch = $2 AND ${AT} GROUP BY kind ORDER BY kind`,
      [namespace, epoch, revision],
    );
    return Object.fromEntries(rows.map(({ kind, count }) => [kind, count]));
  }

  /** The records that are not the same in two snapshots, with the texts of both, by kind and id. */
  async differences(from: RevisionOf, to: number, { after, limit }: { after: RecordName | undefined; limit: number }, tx: EntityManager = this.dataSource.manager): Promise<TwoTexts[]> {
    return tx.query(
      `WITH touched AS (SELECT kind, id FROM snapshot_records WHERE namespace = $1 AND epoch = $2 AND from_revision > least($3::bigint, $4::bigint) AND from_revision <= greatest($3::bigint, $4::bigint)
                  UNION SELECT kind, id FROM snapshot_records WHERE namespace = $1 AND epoch = $2 AND to_revision > least($3::bigint, $4::bigint) AND to_revision <= greatest($3::bigint, $4::bigint))
       SELECT touched.kind, touched.id, old.text AS before, now.text AS after FROM touched
         LEFT JOIN snapshot_records old ON ${versionAt('old', '$3', 'touched.kind')}
         LEFT JOIN snapshot_records now ON ${versionAt('now', '$4', 'touched.kind')}
        WHERE old.hash IS DISTINCT FROM now.hash AND ($5::text IS NULL OR (touched.kind, length(touched.id), touched.id) > ($5, length($6::text), $6))
        ORDER BY touched.kind, length(touched.id), touched.id LIMIT $7`,
      [from.namespace, from.epoch, from.revision, to, after?.kind ?? null, after?.id ?? null, limit],
    );
  }

  /** Like `differences`, of one kind, with what its noun needs to become again what it was in `to`. */
  async restorable(tx: EntityManager, to: RevisionOf, newestRevision: number, kind: string): Promise<RestorableTexts[]> {
    return tx.query(
      `SELECT touched.id, old.text AS before, now.text AS after, old.origin FROM (SELECT DISTINCT id FROM snapshot_records
           WHERE namespace = $1 AND epoch = $2 AND kind = $5 AND (from_revision > $3 OR to_revision > $3)) AS touched
         LEFT JOIN snapshot_records old ON ${versionAt('old', '$3', '$5')}
         LEFT JOIN snapshot_records now ON ${versionAt('now', '$4', '$5')}
        WHERE old.hash IS DISTINCT FROM now.hash ORDER BY touched.id::integer`,
      [to.namespace, to.epoch, to.revision, newestRevision, kind],
    );
  }

  /** How many tokens these apps have in the newest snapshot, and what they are called. */
  async tokensOf(tx: EntityManager, { namespace, epoch }: Omit<RevisionOf, 'revision'>, appIds: readonly number[]): Promise<Map<number, { count: number; name: string | null }>> {
    const rows: { id: number; count: number; name: string | null }[] = await tx.query(
      `SELECT app.id, (SELECT text::jsonb #>> '{data,name}' FROM snapshot_records WHERE namespace = $1 AND epoch = $2 AND kind = 'app' AND id = app.id::text AND to_revision IS NULL) AS name,
          (SELECT count(*)::integer FROM snapshot_records WHERE namespace = $1 AND epoch = $2 AND refers_to = 'app ' || app.id AND kind = 'token' AND to_revision IS NULL) AS count
         FROM unnest($3::integer[]) AS app (id)`,
      [namespace, epoch, appIds],
    );
    return new Map(rows.map(({ id, count, name }) => [id, { count, name }]));
  }

  /** Those of the tokens in the newest snapshot whose time is over. */
  async expiredTokens(tx: EntityManager, { namespace, epoch }: Omit<RevisionOf, 'revision'>, nowMs: number, ids: readonly string[]): Promise<string[]> {
    const rows: { id: string }[] = await tx.query(
      `SELECT id FROM snapshot_records WHERE namespace = $1 AND epoch = $2 AND kind = 'token' AND to_revision IS NULL AND id = ANY($3)
          AND (text::jsonb #>> '{data,expires_at}')::bigint <= $4`,
      [namespace, epoch, ids, Math.floor(nowMs / 1_000)],
    );
    return rows.map(({ id }) => id);
  }

  /** Those of the records in the newest snapshot that refer to one of these names, where there is no record of that name. */
  async dangling(tx: EntityManager, { namespace, epoch }: Omit<RevisionOf, 'revision'>, names: readonly string[]): Promise<{ name: string; refersTo: string }[]> {
    return tx.query(
      `SELECT record.kind || ' ' || record.id AS name, record.refers_to AS "refersTo" FROM snapshot_records record
        WHERE record.namespace = $1 AND record.epoch = $2 AND record.to_revision IS NULL AND record.refers_to = ANY($3)
          AND NOT EXISTS (SELECT FROM snapshot_records other WHERE other.namespace = $1 AND other.epoch = $2 AND other.to_revision IS NULL
            AND other.kind = split_part(record.refers_to, ' ', 1) AND other.id = split_part(record.refers_to, ' ', 2))
        LIMIT 20`,
      [namespace, epoch, names],
    );
  }

  /** Tells the planner of a table that was filled at once: with what it assumes of an unknown one it would read all of it for each change. */
  async analyze(): Promise<void> {
    await this.dataSource.query('ANALYZE snapshot_records');
  }

  /** Slugs that several plugins of the newest snapshot have. */
  async sharedSlugs(tx: EntityManager, { namespace, epoch }: Omit<RevisionOf, 'revision'>): Promise<{ slug: string; ids: string[] }[]> {
    return tx.query(
      `SELECT slug, array_agg(id ORDER BY id) AS ids FROM (SELECT id, text::jsonb -> 'data' ->> 'slug' AS slug FROM snapshot_records
         WHERE namespace = $1 AND epoch = $2 AND kind = 'plugin' AND to_revision IS NULL) AS plugin WHERE slug IS NOT NULL GROUP BY slug HAVING count(*) > 1 LIMIT 20`,
      [namespace, epoch],
    );
  }
}

/** The version of the record `touched` that a revision has. */
function versionAt(record: string, revision: string, kind: string): string {
  return `${record}.namespace = $1 AND ${record}.epoch = $2 AND ${record}.kind = ${kind} AND ${record}.id = touched.id
        AND ${record}.from_revision <= ${revision} AND (${record}.to_revision IS NULL OR ${record}.to_revision > ${revision})`;
}
