import type { Format1Header, PluginData } from '@sluice/config-snapshot';
import type { AppTable } from './tables/app-table';
import type { GatewayApp } from './tables/gateway-app';
import type { SnapshotTables } from './tables/snapshot-tables';

export type { GatewayApp } from './tables/gateway-app';

/** Where an applied snapshot came from. */
export type SnapshotSource = 'redis' | 'http' | 'disk';

export interface GatewayToken {
  id: number;
  app: GatewayApp;
  scopes: string[];
  /** Milliseconds since the Unix epoch; `Infinity` for a token that does not expire. */
  expiresAtMs: number;
}

const NO_TOKENS: ReadonlySet<string> = new Set();

/**
 * One revision of the configuration. Immutable: a request takes the pointer once, reads what it needs in that turn, and sees one
 * revision to its end.
 */
export class GatewayState {
  readonly apps: Pick<AppTable, 'get' | 'has' | 'ids' | 'size'>;
  readonly plugins: readonly PluginData[];
  readonly pluginsBySlug: ReadonlyMap<string, PluginData>;

  constructor(
    /** Of either format: these are the fields that both have. */
    readonly header: Format1Header,
    readonly tables: SnapshotTables,
    readonly source: SnapshotSource,
    readonly appliedAtMs: number,
    /** Hashes of tokens that the studio has taken back with a revision that is still on its way. */
    readonly revoked: ReadonlySet<string> = NO_TOKENS,
  ) {
    this.apps = tables.apps;
    this.plugins = tables.plugins;
    this.pluginsBySlug = tables.pluginsBySlug;
  }

  get revision(): number {
    return this.header.revision;
  }

  /** How many tokens there are, usable or not. */
  get tokenCount(): number {
    return this.tables.tokens.size;
  }

  /** The token with this hash, if it may be used now. */
  usableToken(hash: string, nowMs: number): GatewayToken | undefined {
    const token = this.tables.tokens.get(hash);
    if (!token || (this.revoked.size > 0 && this.revoked.has(hash))) return undefined;
    const expiresAtMs = token.expires_at === null ? Infinity : token.expires_at * 1000;
    const app = this.apps.get(token.app_id);
    return app?.data.is_active && expiresAtMs > nowMs ? { id: token.id, app, scopes: token.scopes, expiresAtMs } : undefined;
  }

  /** The same revision without these tokens. */
  without(revoked: ReadonlySet<string>): GatewayState {
    return new GatewayState(this.header, this.tables, this.source, this.appliedAtMs, revoked);
  }
}
