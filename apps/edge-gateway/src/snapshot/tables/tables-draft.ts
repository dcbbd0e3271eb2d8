import { snapshotErrors, type PluginData, type ReadRecord, type RecordName, type TokenData } from '@sluice/config-snapshot';
import { EncodedApp, type GatewayApp } from './gateway-app';
import type { ShardedMapDraft } from './sharded-map';
import { SnapshotTables } from './snapshot-tables';

const NO_SCOPES: string[] = [];

/** Changes beside the tables in force. Nothing of them is seen before `finish`. */
export class TablesDraft {
  private readonly apps: ShardedMapDraft<number, GatewayApp>;
  private readonly tokens: ShardedMapDraft<number, TokenData>;
  private readonly tokensByHash: ShardedMapDraft<string, TokenData>;
  private readonly tokenCounts: ShardedMapDraft<number, number>;
  private readonly others: ShardedMapDraft<string, string>;
  private plugins: Map<number, PluginData> | undefined;
  /** Tokens whose app was not there when they came, and apps that went: to be looked at when all is said. */
  private readonly suspects: { tokens: TokenData[]; apps: number[] } = { tokens: [], apps: [] };

  constructor(private readonly base: SnapshotTables) {
    this.apps = base.apps.edit();
    this.tokens = base.tokens.edit();
    this.tokensByHash = base.tokensByHash.edit();
    this.tokenCounts = base.tokenCounts.edit();
    this.others = base.others.edit();
  }

  /** @param text the canonical text, kept for records of kinds that this version does not know */
  put(read: ReadRecord, text: () => string): void {
    if (!read.known) return this.others.set(`${read.record.kind} ${read.record.id}`, text());
    const { record } = read;
    if (record.kind === 'app') this.apps.set(record.data.id, new EncodedApp(record.data));
    else if (record.kind === 'token') this.putToken(record.data);
    else this.pluginsById().set(record.data.id, record.data);
  }

  remove({ kind, id }: RecordName): void {
    const number = Number(id);
    if (kind === 'app') {
      this.apps.delete(number);
      this.suspects.apps.push(number);
    } else if (kind === 'token') this.forgetToken(this.tokens.get(number));
    else if (kind === 'plugin') this.pluginsById().delete(number);
    else this.others.delete(`${kind} ${id}`);
  }

  /**
   * Looks for references that lead nowhere, a few at a time.
   * @throws snapshotErrors.danglingReference
   */
  *check(): Generator<void> {
    for (const token of this.suspects.tokens) {
      if (this.tokens.get(token.id) === token && !this.apps.has(token.app_id)) throw dangling(`token ${token.id}`, token.app_id, `/records/token/${token.id}/data/app_id`);
      yield;
    }
    for (const id of this.suspects.apps) {
      if (!this.apps.has(id) && (this.tokenCounts.get(id) ?? 0) > 0) throw dangling('A token', id, `/records/app/${id}`);
      yield;
    }
  }

  /**
   * @param records how many records there have to be
   * @throws snapshotErrors.duplicateSlug, and duplicateRecord for two records of one name.
   */
  finish(records: number): SnapshotTables {
    const { base, plugins } = this;
    const sorted = plugins ? [...plugins.values()].sort((a, b) => a.id - b.id) : base.plugins;
    const tables = SnapshotTables.of({
      apps: this.apps.finish(),
      tokens: this.tokens.finish(),
      tokensByHash: this.tokensByHash.finish(),
      tokenCounts: this.tokenCounts.finish(),
      plugins: sorted,
      pluginsBySlug: plugins ? bySlug(sorted) : base.pluginsBySlug,
      others: this.others.finish(),
    });
    if (tables.size !== records) throw new snapshotErrors.duplicateRecord({ path: '/records' });
    return tables;
  }

  private putToken(token: TokenData): void {
    this.forgetToken(this.tokens.get(token.id));
    // Most tokens have no scopes, and one empty list is enough for all of them.
    if (token.scopes.length === 0) token.scopes = NO_SCOPES;
    this.tokens.set(token.id, token);
    this.tokensByHash.set(token.hash, token);
    this.tokenCounts.set(token.app_id, (this.tokenCounts.get(token.app_id) ?? 0) + 1);
    if (!this.apps.has(token.app_id)) this.suspects.tokens.push(token);
  }

  private forgetToken(token: TokenData | undefined): void {
    if (!token) return;
    this.tokens.delete(token.id);
    if (this.tokensByHash.get(token.hash) === token) this.tokensByHash.delete(token.hash);
    const left = (this.tokenCounts.get(token.app_id) ?? 1) - 1;
    if (left > 0) this.tokenCounts.set(token.app_id, left);
    else this.tokenCounts.delete(token.app_id);
  }

  private pluginsById(): Map<number, PluginData> {
    return (this.plugins ??= new Map(this.base.plugins.map((plugin) => [plugin.id, plugin])));
  }
}

function bySlug(plugins: readonly PluginData[]): Map<string, PluginData> {
  const result = new Map<string, PluginData>();
  for (const plugin of plugins) {
    if (plugin.slug === null) continue;
    const other = result.get(plugin.slug);
    if (other) {
      const detail = `Plugins ${other.id} and ${plugin.id} both have the slug ${JSON.stringify(plugin.slug)}.`;
      throw new snapshotErrors.duplicateSlug({ path: `/records/plugin/${plugin.id}/data/slug` }, { detail });
    }
    result.set(plugin.slug, plugin);
  }
  return result;
}

function dangling(what: string, appId: number, path: string): Error {
  return new snapshotErrors.danglingReference({ path }, { detail: `${what} belongs to app ${appId}, which is not in the snapshot.` });
}
