import type { SnapshotHeader } from '@sluice/config-snapshot';
import { Client } from 'pg';

/** What the studio has stored of a revision. */
export interface StoredRevision {
  header: SnapshotHeader;
  keyId: string;
  signature: string;
  /** From the revision before. */
  delta: Buffer | null;
}

/** Looks at the snapshots in the studio's database, where they are before anybody is told of them. */
export class StudioStorage {
  private constructor(private readonly client: Client) {}

  static async open(url: string): Promise<StudioStorage> {
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    return new StudioStorage(client);
  }

  async newest(): Promise<StoredRevision> {
    const { rows } = await this.client.query<{ header: string; key_id: string; signature: string; delta: Buffer | null }>(
      `SELECT header, key_id, signature, delta FROM snapshot_revisions, snapshot_epoch
       WHERE namespace = '' AND snapshot_revisions.epoch = snapshot_epoch.epoch ORDER BY revision DESC LIMIT 1`,
    );
    const [row] = rows;
    if (!row) throw new Error('The studio has stored no revision.');
    return { header: JSON.parse(row.header) as SnapshotHeader, keyId: row.key_id, signature: row.signature, delta: row.delta };
  }

  /** Every record of the newest revision, as texts. */
  async records(): Promise<string[]> {
    const { rows } = await this.client.query<{ text: string }>(
      `SELECT text FROM snapshot_records, snapshot_epoch WHERE namespace = '' AND snapshot_records.epoch = snapshot_epoch.epoch AND to_revision IS NULL`,
    );
    return rows.map(({ text }) => text);
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}
