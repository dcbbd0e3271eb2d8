import type { Clock } from '@sluice/kernel';
import { gatewayErrors } from '../service-api/gateway-errors';
import { allOf, readRowKey, rowKey, startingWith } from './database-keys';
import { KeyedQueue } from './keyed-queue';
import { costOf, decodeEntry, encodeEntry, KvSpace } from './kv-space';
import type { PluginDatabase, RowChange } from './plugin-database';

const MAX_KEY_BYTES = 1_024;
const MAX_VALUE_BYTES = 5 * 1_048_576;
const DEFAULT_PAGE = 100;
const MAX_PAGE = 1_000;

export interface KvListing {
  entries: { key: string; bytes: number; expiresAtMs: number }[];
  /** Where the next page begins; `''` after the last one. */
  nextCursor: string;
}

/**
 * Keys and values of plugins on this gateway's disk, each plugin's its own. What is acknowledged outlives the process of the plugin and
 * that of the gateway. Every key's changes come one after the other; those of different keys share the way to the disk.
 */
export class KvStore {
  private readonly spaces = new Map<number, KvSpace>();
  private readonly turns = new KeyedQueue();

  private constructor(
    private readonly database: PluginDatabase,
    private readonly clock: Clock,
    /** Of one plugin, keys and values together. */
    private readonly quotaBytes: number,
  ) {}

  static async open(database: PluginDatabase, clock: Clock, quotaBytes: number): Promise<KvStore> {
    const store = new KvStore(database, clock, quotaBytes);
    for await (const [row, value] of database.rows(allOf('kvEntry'))) {
      const { pluginId, rest } = readRowKey(row);
      const space = store.space(pluginId);
      space.entries.set(rest.toString(), decodeEntry(value));
      space.bytes += space.costOf(rest.toString());
    }
    return store;
  }

  /** Returns true when the key is new. */
  write(pluginId: number, key: string, value: Buffer, expiresAtMs = Infinity): Promise<boolean> {
    return this.inTurn(pluginId, key, () => this.put(pluginId, key, value, expiresAtMs));
  }

  /** @throws gatewayErrors.keyNotFound */
  async read(pluginId: number, key: string): Promise<Buffer> {
    const value = await this.find(pluginId, key);
    if (value === undefined) throw new gatewayErrors.keyNotFound();
    return value;
  }

  /** Returns true when the key was there. */
  delete(pluginId: number, key: string): Promise<boolean> {
    return this.inTurn(pluginId, key, () => this.drop(pluginId, key));
  }

  /** Writes when the key has the value `expected`, or, for undefined, when it is not there. `current` is what it has afterwards. */
  compareAndSet(pluginId: number, key: string, expected: Buffer | undefined, value: Buffer, expiresAtMs = Infinity): Promise<{ swapped: boolean; current: Buffer | undefined }> {
    return this.inTurn(pluginId, key, async () => {
      const current = await this.find(pluginId, key);
      const equal = expected === undefined || current === undefined ? expected === current : expected.equals(current);
      if (!equal) return { swapped: false, current };
      await this.put(pluginId, key, value, expiresAtMs);
      return { swapped: true, current: value };
    });
  }

  /** Keys in the order of their bytes, after the cursor, as many as `limit` (0: 100, at most 1000). */
  async list(pluginId: number, prefix: string, cursor: string, limit: number): Promise<KvListing> {
    const size = limit > 0 ? Math.min(limit, MAX_PAGE) : DEFAULT_PAGE;
    const after = rowKey('kvEntry', pluginId, Buffer.from(cursor));
    const { gte, lt } = startingWith(rowKey('kvEntry', pluginId, Buffer.from(prefix)));
    const range = cursor !== '' && after.compare(gte) >= 0 ? { gt: after, lt } : { gte, lt };
    const entries: KvListing['entries'] = [];
    for await (const [row, value] of this.database.rows(range)) {
      const { bytes, expiresAtMs } = decodeEntry(value);
      if (expiresAtMs <= this.clock.now()) continue;
      if (entries.length === size) return { entries, nextCursor: entries.at(-1)!.key };
      entries.push({ key: readRowKey(row).rest.toString(), bytes, expiresAtMs });
    }
    return { entries, nextCursor: '' };
  }

  /** Ids of plugins that have something here. */
  pluginIds(): number[] {
    return [...this.spaces.keys()];
  }

  /** Frees what expired values take. */
  async sweep(): Promise<void> {
    for (const pluginId of this.spaces.keys()) await this.dropExpired(pluginId);
  }

  /** Deletes everything that a plugin has. */
  async forget(pluginId: number): Promise<void> {
    const keys = [...(this.spaces.get(pluginId)?.entries.keys() ?? [])];
    await Promise.all(keys.map((key) => this.inTurn(pluginId, key, () => this.drop(pluginId, key))));
    if (this.spaces.get(pluginId)?.bytes === 0) this.spaces.delete(pluginId);
  }

  private async find(pluginId: number, key: string): Promise<Buffer | undefined> {
    if (!this.spaces.get(pluginId)?.live(key, this.clock.now())) return undefined;
    return this.database.get(rowKey('kvValue', pluginId, Buffer.from(key)));
  }

  private async put(pluginId: number, key: string, value: Buffer, expiresAtMs: number): Promise<boolean> {
    if (value.length > MAX_VALUE_BYTES) {
      throw new gatewayErrors.valueTooLarge({ pluginId }, { detail: `The value has ${value.length} bytes; at most ${MAX_VALUE_BYTES} (5 MB) are allowed.` });
    }
    const space = this.space(pluginId);
    const before = space.live(key, this.clock.now());
    const growth = () => costOf(key, value.length) - space.costOf(key);
    if (space.bytes + growth() > this.quotaBytes) await this.dropExpired(pluginId);
    const grown = growth();
    if (space.bytes + grown > this.quotaBytes) {
      throw new gatewayErrors.quotaExceeded({ pluginId, bytes: space.bytes }, { detail: `The plugin has used ${space.bytes} of its ${this.quotaBytes} bytes for keys and values; delete some, or raise PLUGIN_KV_QUOTA.` });
    }
    // Taken before the disk is asked, so that writes side by side cannot exceed the quota together.
    space.bytes += grown;
    const entry = { bytes: value.length, expiresAtMs };
    const rest = Buffer.from(key);
    try {
      await this.database.commit([
        { type: 'put', key: rowKey('kvEntry', pluginId, rest), value: encodeEntry(entry) },
        { type: 'put', key: rowKey('kvValue', pluginId, rest), value },
      ]);
    } catch (error) {
      space.bytes -= grown;
      throw error;
    }
    space.entries.set(key, entry);
    return before === undefined;
  }

  private async drop(pluginId: number, key: string): Promise<boolean> {
    const space = this.spaces.get(pluginId);
    if (!space?.entries.has(key)) return false;
    const live = space.live(key, this.clock.now()) !== undefined;
    const rest = Buffer.from(key);
    const changes: RowChange[] = [
      { type: 'del', key: rowKey('kvEntry', pluginId, rest) },
      { type: 'del', key: rowKey('kvValue', pluginId, rest) },
    ];
    await this.database.commit(changes);
    space.bytes -= space.costOf(key);
    space.entries.delete(key);
    return live;
  }

  /** Passes over keys that something is done with: to wait for their turn within another's would let two wait for each other. */
  private async dropExpired(pluginId: number): Promise<void> {
    const expired = this.spaces.get(pluginId)?.expired(this.clock.now()) ?? [];
    const idle = expired.filter((key) => !this.turns.isBusy(`${pluginId}/${key}`));
    await Promise.all(idle.map((key) => this.inTurn(pluginId, key, () => this.drop(pluginId, key))));
  }

  private inTurn<T>(pluginId: number, key: string, work: () => Promise<T>): Promise<T> {
    const keyBytes = Buffer.byteLength(key);
    if (keyBytes === 0 || keyBytes > MAX_KEY_BYTES) return Promise.reject(new gatewayErrors.badKey());
    return this.turns.run(`${pluginId}/${key}`, work);
  }

  private space(pluginId: number): KvSpace {
    let space = this.spaces.get(pluginId);
    if (!space) this.spaces.set(pluginId, (space = new KvSpace()));
    return space;
  }
}
