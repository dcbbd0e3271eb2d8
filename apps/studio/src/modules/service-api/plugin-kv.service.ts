import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@sluice/kernel';
import { DataSource } from 'typeorm';
import { CLOCK } from '../../process.module';
import { serviceApiErrors } from './service-api-errors';

export const MAX_KV_VALUE_BYTES = 5 * 1024 * 1024;
const MAX_KV_KEY_BYTES = 512;
const SWEEP_BATCH = 1_000;

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
    if (value.length > MAX_KV_VALUE_BYTES) {
      throw new serviceApiErrors.valueTooLarge({ pluginId, key }, { detail: `The value has ${value.length} bytes; at most ${MAX_KV_VALUE_BYTES} (5 MB) are allowed.` });
    }
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
