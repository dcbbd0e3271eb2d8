import { snapshotErrors, type GatewayKeyData, type PluginData, type ReadRecord, type RecordName, type TokenData } from '@sluice/config-snapshot';
import { AppTable } from './app-table';
import { packApp } from './pack-records';
import { bySlug, dangling } from './references';
import { otherKey, SnapshotTables } from './snapshot-tables';
import type { TableWriter } from './table-writer';
import { TokenTableDraft } from './token-table';
import { writeTable } from './write-table';

/** Changes beside the tables in force. Nothing of them is seen before `finish`. */
export class TablesDraft {
  private readonly apps: TableWriter;
  private readonly tokens: TokenTableDraft;
  private readonly others: TableWriter;
  private plugins: Map<number, PluginData> | undefined;
  private gatewayKeys: Map<number, GatewayKeyData> | undefined;
  /** By how many each app's tokens have become more or fewer. */
  private readonly counts = new Map<number, number>();
  private readonly newTokens = new Map<number, number>();
  private readonly goneApps: number[] = [];
  private readonly tokenCounts: TableWriter;

  constructor(private readonly base: SnapshotTables) {
    this.apps = writeTable(base.apps.packed);
    this.tokens = new TokenTableDraft(base.tokens);
    this.tokenCounts = writeTable(base.tokenCounts);
    this.others = writeTable(base.others);
  }

  /**
   * @param text the canonical text, kept for records of kinds that this version does not know
   * @throws snapshotErrors.duplicateRecord
   */
  put(read: ReadRecord, text: () => string): void {
    if (!read.known) return this.others.set(otherKey(read.record), text());
    const { record } = read;
    if (record.kind === 'app') this.apps.set(record.id, packApp(record.data));
    else if (record.kind === 'token') this.putToken(record.data);
    else if (record.kind === 'plugin') this.pluginsById().set(record.data.id, record.data);
    else this.keysById().set(record.data.id, record.data);
  }

  remove(name: RecordName): void {
    const number = Number(name.id);
    if (name.kind === 'app') {
      this.apps.delete(name.id);
      this.goneApps.push(number);
    } else if (name.kind === 'token') this.forgetToken(number);
    else if (name.kind === 'plugin') this.pluginsById().delete(number);
    else if (name.kind === 'gateway_key') this.keysById().delete(number);
    else this.others.delete(otherKey(name));
  }

  /**
   * Looks for references that lead nowhere, and ends the changes, a little at a time.
   * @throws snapshotErrors.danglingReference and duplicateRecord
   */
  *close(): Generator<void> {
    yield* this.apps.close();
    for (const [app, change] of this.counts) {
      this.count(app, change);
      yield;
    }
    for (const [app, token] of this.newTokens) {
      if (!this.apps.has(String(app))) throw dangling(`Token ${token}`, app, `/records/token/${token}/data/app_id`);
      yield;
    }
    yield* this.tokenCounts.close();
    for (const app of this.goneApps) {
      if (this.tokenCounts.has(String(app)) && !this.apps.has(String(app))) throw dangling('A token', app, `/records/app/${app}`);
      yield;
    }
    for (const table of [this.tokens, this.others]) yield* table.close();
  }

  /**
   * The tables with the changes that `close` has ended.
   * @param records how many records there have to be
   * @throws snapshotErrors.duplicateSlug, and duplicateRecord for two records of one name.
   */
  finish(records: number): SnapshotTables {
    const { base, plugins } = this;
    const sorted = plugins ? [...plugins.values()].sort((a, b) => a.id - b.id) : base.plugins;
    const apps = this.apps.finish();
    const tables = new SnapshotTables({
      apps: apps === base.apps.packed ? base.apps : new AppTable(apps),
      tokens: this.tokens.finish(),
      tokenCounts: this.tokenCounts.finish(),
      plugins: sorted,
      pluginsBySlug: plugins ? bySlug(sorted) : base.pluginsBySlug,
      gatewayKeys: this.gatewayKeys ?? base.gatewayKeys,
      others: this.others.finish(),
    });
    if (tables.size !== records) throw new snapshotErrors.duplicateRecord({ path: '/records' });
    return tables;
  }

  private putToken(token: TokenData): void {
    if (this.tokens.mayHave) this.forgetToken(token.id);
    this.tokens.set(token);
    this.counts.set(token.app_id, (this.counts.get(token.app_id) ?? 0) + 1);
    this.newTokens.set(token.app_id, token.id);
  }

  private forgetToken(id: number): void {
    const token = this.tokens.byId(id);
    if (!token) return;
    this.tokens.delete(token);
    this.counts.set(token.app_id, (this.counts.get(token.app_id) ?? 0) - 1);
  }

  private count(app: number, change: number): void {
    if (change === 0) return;
    const key = String(app);
    const count = Number(this.base.tokenCounts.get(key) ?? 0) + change;
    if (count > 0) this.tokenCounts.set(key, String(count));
    else this.tokenCounts.delete(key);
  }

  private keysById(): Map<number, GatewayKeyData> {
    return (this.gatewayKeys ??= new Map(this.base.gatewayKeys));
  }

  private pluginsById(): Map<number, PluginData> {
    return (this.plugins ??= new Map(this.base.plugins.map((plugin) => [plugin.id, plugin])));
  }
}
