import type { EntityManager } from 'typeorm';
import { serviceApiErrors } from './service-api-errors';

/** What a key costs besides itself and its value. The same on gateways. */
const ENTRY_BYTES = 64;
const COST = `octet_length(key) + octet_length(value) + ${ENTRY_BYTES}`;
const SWEEP_BATCH = 10_000;

export interface KvSpaceOptions {
  pluginId: number;
  quotaBytes: number;
  now: Date;
}

/** The values of one plugin inside a transaction that alone may change them. */
export class PluginKvSpace {
  private constructor(
    private readonly tx: EntityManager,
    private readonly options: KvSpaceOptions,
    private used: number,
  ) {}

  static async lock(tx: EntityManager, options: KvSpaceOptions): Promise<PluginKvSpace> {
    const { pluginId } = options;
    // First, as a deletion of the plugin does: in another order the two could wait for each other.
    await tx.query('SELECT 1 FROM plugins WHERE id = $1 FOR KEY SHARE', [pluginId]);
    const locked = async () => (await tx.query('SELECT bytes FROM plugin_kv_usage WHERE plugin_id = $1 FOR UPDATE', [pluginId])) as { bytes: string }[];
    let [usage] = await locked();
    if (!usage) {
      await tx.query('INSERT INTO plugin_kv_usage (plugin_id) VALUES ($1) ON CONFLICT DO NOTHING', [pluginId]);
      [usage] = await locked();
    }
    return new PluginKvSpace(tx, options, Number(usage!.bytes));
  }

  async read(key: string): Promise<Buffer | undefined> {
    const { pluginId, now } = this.options;
    const rows: { value: Buffer }[] = await this.tx.query('SELECT value FROM plugin_kv WHERE plugin_id = $1 AND key = $2 AND (expires_at IS NULL OR expires_at > $3)', [pluginId, key, now]);
    return rows[0]?.value;
  }

  /** @returns whether the key was not there before. @throws serviceApi.quotaExceeded */
  async put(key: string, value: Uint8Array, expiresAt: Date | null): Promise<boolean> {
    const { pluginId, quotaBytes } = this.options;
    let before = await this.find(key);
    const growth = () => Buffer.byteLength(key) + value.length + ENTRY_BYTES - (before?.cost ?? 0);
    while (this.used + growth() > quotaBytes && (await this.dropExpired()) > 0) before = await this.find(key);
    if (this.used + growth() > quotaBytes) {
      throw new serviceApiErrors.quotaExceeded({ pluginId, bytes: this.used }, { detail: `The plugin has used ${this.used} of its ${quotaBytes} bytes for keys and values; delete some, or raise PLUGIN_KV_QUOTA.` });
    }
    await this.tx.query(
      `INSERT INTO plugin_kv (plugin_id, key, value, expires_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (plugin_id, key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at, updated_at = now()`,
      [pluginId, key, Buffer.from(value), expiresAt],
    );
    await this.charge(growth());
    return !before?.live;
  }

  /** @returns whether there was something to delete. */
  async drop(key: string): Promise<boolean> {
    const before = await this.find(key);
    if (!before) return false;
    await this.tx.query('DELETE FROM plugin_kv WHERE plugin_id = $1 AND key = $2', [this.options.pluginId, key]);
    await this.charge(-before.cost);
    return before.live;
  }

  /** Removes some expired values. @returns how many. */
  async dropExpired(): Promise<number> {
    const { pluginId, now } = this.options;
    const rows: { count: number; freed: string }[] = await this.tx.query(
      `WITH gone AS (DELETE FROM plugin_kv WHERE plugin_id = $1 AND key IN (SELECT key FROM plugin_kv WHERE plugin_id = $1 AND expires_at <= $2 LIMIT ${SWEEP_BATCH}) RETURNING ${COST} AS cost)
       SELECT count(*)::integer AS count, coalesce(sum(cost), 0) AS freed FROM gone`,
      [pluginId, now],
    );
    const { count, freed } = rows[0]!;
    if (count > 0) await this.charge(-Number(freed));
    return count;
  }

  private async find(key: string): Promise<{ cost: number; live: boolean } | undefined> {
    const { pluginId, now } = this.options;
    const rows: { cost: number; live: boolean }[] = await this.tx.query(
      `SELECT ${COST} AS cost, (expires_at IS NULL OR expires_at > $3) AS live FROM plugin_kv WHERE plugin_id = $1 AND key = $2`,
      [pluginId, key, now],
    );
    return rows[0];
  }

  private async charge(bytes: number): Promise<void> {
    this.used += bytes;
    await this.tx.query('UPDATE plugin_kv_usage SET bytes = $2 WHERE plugin_id = $1', [this.options.pluginId, this.used]);
  }
}
