import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@sluice/kernel';
import { DataSource } from 'typeorm';
import { StudioConfig } from '../../config';
import { CLOCK } from '../../process.module';
import { PluginKvSpace } from './plugin-kv-space';
import { serviceApiErrors } from './service-api-errors';

export const MAX_KV_VALUE_BYTES = 5 * 1024 * 1024;
const MAX_KV_KEY_BYTES = 1_024;
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
    private readonly config: StudioConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @returns whether the key was not there before. @throws serviceApi.quotaExceeded */
  async write(pluginId: number, key: string, value: Uint8Array, expiresAt: Date | null): Promise<boolean> {
    checkKey(key);
    checkValue(pluginId, key, value);
    return this.inSpace(pluginId, (space) => space.put(key, value, expiresAt));
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
    return this.inSpace(pluginId, (space) => space.drop(key));
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
  async compareAndSet(pluginId: number, key: string, expected: Buffer | undefined, value: Buffer, expiresAt: Date | null): Promise<{ swapped: boolean; current: Buffer | undefined }> {
    checkKey(key);
    checkValue(pluginId, key, value);
    return this.inSpace(pluginId, async (space) => {
      const current = await space.read(key);
      const equal = expected === undefined || current === undefined ? expected === current : expected.equals(current);
      if (!equal) return { swapped: false, current };
      await space.put(key, value, expiresAt);
      return { swapped: true, current: value };
    });
  }

  /** Removes some expired values. @returns how many. */
  async sweep(): Promise<number> {
    const plugins: { id: number }[] = await this.dataSource.query(`SELECT DISTINCT plugin_id AS id FROM plugin_kv WHERE expires_at <= $1 ORDER BY plugin_id`, [this.now()]);
    let removed = 0;
    for (const { id } of plugins) removed += await this.inSpace(id, (space) => space.dropExpired());
    return removed;
  }

  /** Writes of one plugin come one after the other, whichever studio they come to. */
  private inSpace<T>(pluginId: number, work: (space: PluginKvSpace) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (tx) => work(await PluginKvSpace.lock(tx, { pluginId, quotaBytes: this.config.pluginKvQuotaBytes, now: this.now() })));
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
