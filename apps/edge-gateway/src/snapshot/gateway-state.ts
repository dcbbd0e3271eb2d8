import type { AppData, PluginData, SignedSnapshot, Format1Header } from '@sluice/config-snapshot';
import { App } from '@sluice/contracts/plugin';

/** Where an applied snapshot came from. */
export type SnapshotSource = 'redis' | 'http' | 'disk';

export interface GatewayApp {
  data: AppData;
  /** The plugin protocol's App message, ready to be copied into a request. */
  encoded: Uint8Array;
}

export interface GatewayToken {
  id: number;
  app: GatewayApp;
  scopes: string[];
  /** Milliseconds since the Unix epoch; `Infinity` for a token that does not expire. */
  expiresAtMs: number;
}

/**
 * One revision of the configuration, in the shape that requests read. Immutable: a request takes the pointer once and sees one
 * revision to its end.
 */
export class GatewayState {
  readonly apps: ReadonlyMap<number, GatewayApp>;
  readonly tokensByHash: ReadonlyMap<string, GatewayToken>;
  /** In the order of their ids. */
  readonly plugins: readonly PluginData[];
  readonly pluginsBySlug: ReadonlyMap<string, PluginData>;

  constructor(
    snapshot: SignedSnapshot,
    readonly source: SnapshotSource,
    readonly appliedAtMs: number,
  ) {
    this.header = snapshot.header;
    const apps = new Map<number, GatewayApp>();
    const plugins: PluginData[] = [];
    for (const record of snapshot.records) {
      if (record.kind === 'app') apps.set(record.data.id, { data: record.data, encoded: encodeApp(record.data) });
      else if (record.kind === 'plugin') plugins.push(record.data);
    }
    this.apps = apps;
    this.plugins = plugins.sort((a, b) => a.id - b.id);
    this.pluginsBySlug = bySlug(plugins);
    this.tokensByHash = byHash(snapshot, apps);
  }

  readonly header: Format1Header;

  get revision(): number {
    return this.header.revision;
  }

  /** The token with this hash, if it may be used now. */
  usableToken(hash: string, nowMs: number): GatewayToken | undefined {
    const token = this.tokensByHash.get(hash);
    return token && token.expiresAtMs > nowMs && token.app.data.is_active ? token : undefined;
  }
}

function bySlug(plugins: readonly PluginData[]): Map<string, PluginData> {
  const result = new Map<string, PluginData>();
  // The studio refuses a slug twice; should it happen all the same, every gateway chooses the same plugin.
  for (const plugin of plugins) if (plugin.slug !== null && !result.has(plugin.slug)) result.set(plugin.slug, plugin);
  return result;
}

function byHash(snapshot: SignedSnapshot, apps: ReadonlyMap<number, GatewayApp>): Map<string, GatewayToken> {
  const result = new Map<string, GatewayToken>();
  for (const record of snapshot.records) {
    if (record.kind !== 'token') continue;
    const { id, app_id, hash, scopes, expires_at } = record.data;
    const app = apps.get(app_id);
    if (app) result.set(hash, { id, app, scopes, expiresAtMs: expires_at === null ? Infinity : expires_at * 1000 });
  }
  return result;
}

function encodeApp(app: AppData): Uint8Array {
  return App.encode({
    id: app.id,
    name: app.name,
    description: app.description,
    ownerEmail: app.owner_email,
    isActive: app.is_active,
    monthlyBudget: app.monthly_budget ?? 0,
    rateLimit: app.rate_limit,
    metadata: app.metadata,
    pluginResources: [],
  }).finish();
}
