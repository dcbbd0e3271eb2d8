import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@sluice/kernel';
import { DataSource } from 'typeorm';
import { CLOCK } from '../../process.module';
import { serviceApiErrors } from './service-api-errors';

export const MAX_KV_VALUE_BYTES = 5 * 1024 * 1024;
const MAX_KV_KEY_BYTES = 512;
const SWEEP_BATCH = 1_000;
const DEFAULT_PAGE = 100;
const MAX_PAGE = 1_000;

export interface KvListing {
  entries: { key: string; bytes: number; expiresAt: Date | null }[];
  /** Where the next page begins; `''` after the last one. */
  nextCursor: string;
}

/** What plugins keep in the studio, each its own. An expired value is gone for its plugin at once, and from the disk at the next sweep. */
@Injectable()
export class PluginKvService {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @returns whether the key was not there before. */
  async write(pluginId: number, key: string, value: Uint8Array, expiresAt: Date | null): Promise<boolean> {
    checkKey(key);
    checkValue(pluginId, key, value);
    const rows: { created: boolean }[] = await this.dataSource.query(
      `WITH before AS (SELECT 1 FROM plugin_kv WHERE plugin_id = $1 AND key = $2 AND (expires_at IS NULL OR expires_at > $5))
       INSERT INTO plugin_kv (plugin_id, key, value, expires_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (plugin_id, key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at, updated_at = now()
       RETURNING NOT EXISTS (SELECT 1 FROM before) AS created`,
      [pluginId, key, Buffer.from(value), expiresAt, this.now()],
    );
    return rows[0]?.created ?? false;
  }

  async read(pluginId: number, key: string): Promise<Buffer> {
    checkKey(key);
    const rows: { value: Buffer }[] = await this.dataSource.query(
      'SELECT value FROM plugin_kv WHERE plugin_id = $1 AND key = $2 AND (expires_at IS NULL OR expires_at > $3)',
      [pluginId, key, this.now()],
    );
    if (!rows[0]) throw new serviceApiErrors.keyNotFound({ pluginId, key });
    return rows[0].value;
  }

  /** @returns whether there was something to delete. */
  async delete(pluginId: number, key: string): Promise<boolean> {
    checkKey(key);
    const rows: { live: boolean }[] = await this.dataSource.query(
      `WITH gone AS (DELETE FROM plugin_kv WHERE plugin_id = $1 AND key = $2 RETURNING expires_at)
       SELECT (expires_at IS NULL OR expires_at > $3) AS live FROM gone`,
      [pluginId, key, this.now()],
    );
    return rows[0]?.live ?? false;
  }

  /** Keys in the order of their bytes, after the cursor; `limit` 0 means 100, and the most is 1000. */
  async list(pluginId: number, prefix: string, cursor: string, limit: number): Promise<KvListing> {
    if (prefix.includes('\u0000') || cursor.includes('\u0000')) return { entries: [], nextCursor: '' };
    const size = limit > 0 ? Math.min(limit, MAX_PAGE) : DEFAULT_PAGE;
    const rows: KvListing['entries'] = await this.dataSource.query(
      `SELECT key, octet_length(value) AS bytes, expires_at AS "expiresAt" FROM plugin_kv
        WHERE plugin_id = $1 AND starts_with(key, $2) AND ($3 = '' OR key COLLATE "C" > $3) AND (expires_at IS NULL OR expires_at > $4) ORDER BY key COLLATE "C" LIMIT $5`,
      [pluginId, prefix, cursor, this.now(), size + 1],
    );
    const entries = rows.slice(0, size);
    return { entries, nextCursor: rows.length > size ? entries.at(-1)!.key : '' };
  }

  /** Writes when the key has the value `expected`, or, for undefined, when it is not there. `current` is what it has afterwards. */
  compareAndSet(pluginId: number, key: string, expected: Buffer | undefined, value: Buffer, expiresAt: Date | null): Promise<{ swapped: boolean; current: Buffer | undefined }> {
    checkKey(key);
    checkValue(pluginId, key, value);
    return this.dataSource.transaction(async (tx) => {
      // A row lock would not do: the key may not be there yet.
      await tx.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [pluginId, key]);
      const rows: { value: Buffer }[] = await tx.query('SELECT value FROM plugin_kv WHERE plugin_id = $1 AND key = $2 AND (expires_at IS NULL OR expires_at > $3) FOR UPDATE', [pluginId, key, this.now()]);
      const current = rows[0]?.value;
      const equal = expected === undefined || current === undefined ? expected === current : expected.equals(current);
      if (!equal) return { swapped: false, current };
      const written: unknown[] = await tx.query(
        `INSERT INTO plugin_kv (plugin_id, key, value, expires_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (plugin_id, key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at, updated_at = now()
           WHERE $5 OR plugin_kv.expires_at <= $6 RETURNING 1`,
        [pluginId, key, value, expiresAt, current !== undefined, this.now()],
      );
      if (written.length > 0) return { swapped: true, current: value };
      // Written between the look and now, by somebody who does not compare.
      const [row]: { value: Buffer }[] = await tx.query('SELECT value FROM plugin_kv WHERE plugin_id = $1 AND key = $2', [pluginId, key]);
      return { swapped: false, current: row?.value };
    });
  }

  /** Removes some expired values. @returns how many. */
  async sweep(): Promise<number> {
    const rows: unknown[] = await this.dataSource.query(
      `WITH gone AS (DELETE FROM plugin_kv WHERE (plugin_id, key) IN
         (SELECT plugin_id, key FROM plugin_kv WHERE expires_at <= $1 LIMIT ${SWEEP_BATCH} FOR UPDATE SKIP LOCKED) RETURNING 1 AS one)
       SELECT one FROM gone`,
      [this.now()],
    );
    return rows.length;
  }

  private now(): Date {
    return new Date(this.clock.now());
  }
}

function checkKey(key: string): void {
  const length = Buffer.byteLength(key);
  if (length === 0 || length > MAX_KV_KEY_BYTES || key.includes('\u0000')) throw new serviceApiErrors.badKey({ length });
}

function checkValue(pluginId: number, key: string, value: Uint8Array): void {
  if (value.length <= MAX_KV_VALUE_BYTES) return;
  throw new serviceApiErrors.valueTooLarge({ pluginId, key }, { detail: `The value has ${value.length} bytes; at most ${MAX_KV_VALUE_BYTES} (5 MB) are allowed.` });
}
