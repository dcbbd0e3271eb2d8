import type { Clock } from '@sluice/kernel';
import { allOf, readRowKey, rowKey } from './database-keys';
import type { KvStore } from './kv-store';
import type { PluginDatabase, RowChange } from './plugin-database';

/** A plugin that is switched off for a while finds its values again; one that does not come back gives its room up. */
const KEPT_MS = 7 * 86_400_000;

/** Deletes the values of plugins that have been out of the configuration for a week. */
export class RemovedPlugins {
  private constructor(
    private readonly database: PluginDatabase,
    private readonly kv: KvStore,
    private readonly clock: Clock,
    private readonly removedAt: Map<number, number>,
  ) {}

  static async open(database: PluginDatabase, kv: KvStore, clock: Clock): Promise<RemovedPlugins> {
    const removedAt = new Map<number, number>();
    for await (const [row, value] of database.rows(allOf('removedAt'))) removedAt.set(readRowKey(row).pluginId, value.readDoubleBE());
    return new RemovedPlugins(database, kv, clock, removedAt);
  }

  /** These are the plugins that are configured now. */
  async follow(configured: ReadonlySet<number>): Promise<void> {
    const changes: RowChange[] = [];
    for (const id of this.kv.pluginIds()) {
      if (configured.has(id) || this.removedAt.has(id)) continue;
      const value = Buffer.alloc(8);
      value.writeDoubleBE(this.clock.now());
      changes.push({ type: 'put', key: rowKey('removedAt', id), value });
      this.removedAt.set(id, this.clock.now());
    }
    for (const id of [...this.removedAt.keys()].filter((removed) => configured.has(removed))) changes.push(this.unmark(id));
    if (changes.length > 0) await this.database.commit(changes);
  }

  async sweep(): Promise<void> {
    for (const [id, at] of [...this.removedAt]) {
      if (at + KEPT_MS > this.clock.now()) continue;
      await this.kv.forget(id);
      await this.database.commit([this.unmark(id)]);
    }
  }

  private unmark(id: number): RowChange {
    this.removedAt.delete(id);
    return { type: 'del', key: rowKey('removedAt', id) };
  }
}
