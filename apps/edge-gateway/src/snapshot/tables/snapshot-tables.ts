import { recordHash, recordText, type GatewayKeyData, type PluginData, type RecordName, type SnapshotRecord } from '@sluice/config-snapshot';
import { AppTable } from './app-table';
import { unpackApp } from './pack-records';
import { PackedTable } from './packed-table';
import { TokenTable } from './token-table';

interface Tables {
  apps: AppTable;
  tokens: TokenTable;
  /** How many tokens each app has. */
  tokenCounts: PackedTable;
  /** In the order of their ids. */
  plugins: readonly PluginData[];
  pluginsBySlug: ReadonlyMap<string, PluginData>;
  /** By the ids of gateways; the same map while none of them changes. */
  gatewayKeys: ReadonlyMap<number, GatewayKeyData>;
  /** The texts of records of kinds that this version does not know, by their names (`otherKey`). */
  others: PackedTable;
}

/** The records of one revision, in the shape that requests read. Never changed: see `PackedTable`. */
export class SnapshotTables implements Tables {
  static readonly empty = new SnapshotTables({
    apps: new AppTable(PackedTable.empty), tokens: TokenTable.empty, tokenCounts: PackedTable.empty, plugins: [], pluginsBySlug: new Map(), gatewayKeys: new Map(),
    others: PackedTable.empty,
  });
  readonly apps: AppTable;
  readonly tokens: TokenTable;
  readonly tokenCounts: PackedTable;
  readonly plugins: readonly PluginData[];
  readonly pluginsBySlug: ReadonlyMap<string, PluginData>;
  readonly gatewayKeys: ReadonlyMap<number, GatewayKeyData>;
  readonly others: PackedTable;

  constructor(tables: Tables) {
    this.apps = tables.apps;
    this.tokens = tables.tokens;
    this.tokenCounts = tables.tokenCounts;
    this.plugins = tables.plugins;
    this.pluginsBySlug = tables.pluginsBySlug;
    this.gatewayKeys = tables.gatewayKeys;
    this.others = tables.others;
  }

  /** How many records there are, of all kinds. */
  get size(): number {
    return this.apps.size + this.tokens.size + this.plugins.length + this.gatewayKeys.size + this.others.size;
  }

  /** The canonical text of a record; undefined when there is none of that name. */
  text(name: RecordName): string | undefined {
    const { kind, id } = name;
    if (kind === 'app') return this.appText(id);
    if (kind === 'token') return textOf('token', id, this.tokens.byId(Number(id)));
    if (kind === 'plugin') return textOf('plugin', id, this.plugins.find((plugin) => plugin.id === Number(id)));
    if (kind === 'gateway_key') return textOf('gateway_key', id, this.gatewayKeys.get(Number(id)));
    return this.others.get(otherKey(name));
  }

  /** The hash of a record, 32 raw bytes. */
  hashOf(name: RecordName): Buffer | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : recordHash(text);
  }

  /** The names of all records. */
  *names(): Generator<RecordName> {
    for (const id of this.apps.keys()) yield { kind: 'app', id };
    for (const id of this.tokens.ids()) yield { kind: 'token', id };
    for (const { id } of this.plugins) yield { kind: 'plugin', id: String(id) };
    for (const id of this.gatewayKeys.keys()) yield { kind: 'gateway_key', id: String(id) };
    for (const key of this.others.keys()) yield JSON.parse(Buffer.from(key, 'base64url').toString('utf8')) as RecordName;
  }

  private appText(id: string): string | undefined {
    const packed = this.apps.packed.get(id);
    return packed === undefined ? undefined : textOf('app', id, unpackApp(packed));
  }
}

/** Names of kinds that this version does not know may hold anything: this is ASCII without spaces. */
export function otherKey({ kind, id }: RecordName): string {
  return Buffer.from(JSON.stringify({ kind, id }), 'utf8').toString('base64url');
}

// An id is the decimal form of the number: '07' is no name of app 7.
function textOf(kind: SnapshotRecord['kind'], id: string, data: SnapshotRecord['data'] | undefined): string | undefined {
  return data && String(data.id) === id ? recordText({ kind, id, data } as SnapshotRecord) : undefined;
}
