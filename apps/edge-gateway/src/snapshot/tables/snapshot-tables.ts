import { recordHash, recordText, type PluginData, type RecordName, type SnapshotRecord, type TokenData } from '@sluice/config-snapshot';
import type { GatewayApp } from './gateway-app';
import { ShardedMap } from './sharded-map';

/** The records of one revision, in the shape that requests read. Never changed: see `ShardedMap`. */
export class SnapshotTables {
  private constructor(
    readonly apps: ShardedMap<number, GatewayApp>,
    readonly tokens: ShardedMap<number, TokenData>,
    readonly tokensByHash: ShardedMap<string, TokenData>,
    /** How many tokens each app has. */
    readonly tokenCounts: ShardedMap<number, number>,
    /** In the order of their ids. */
    readonly plugins: readonly PluginData[],
    readonly pluginsBySlug: ReadonlyMap<string, PluginData>,
    /** The texts of records of kinds that this version does not know, by `kind id`. */
    readonly others: ShardedMap<string, string>,
  ) {}

  static readonly empty = new SnapshotTables(ShardedMap.empty(), ShardedMap.empty(), ShardedMap.empty(), ShardedMap.empty(), [], new Map(), ShardedMap.empty());

  static of(parts: Pick<SnapshotTables, 'apps' | 'tokens' | 'tokensByHash' | 'tokenCounts' | 'plugins' | 'pluginsBySlug' | 'others'>): SnapshotTables {
    return new SnapshotTables(parts.apps, parts.tokens, parts.tokensByHash, parts.tokenCounts, parts.plugins, parts.pluginsBySlug, parts.others);
  }

  /** How many records there are, of all kinds. */
  get size(): number {
    return this.apps.size + this.tokens.size + this.plugins.length + this.others.size;
  }

  /** The canonical text of a record; undefined when there is none of that name. */
  text({ kind, id }: RecordName): string | undefined {
    const number = Number(id);
    if (kind === 'app') return textOf('app', id, this.apps.get(number)?.data);
    if (kind === 'token') return textOf('token', id, this.tokens.get(number));
    if (kind === 'plugin') return textOf('plugin', id, this.plugins.find((plugin) => plugin.id === number));
    return this.others.get(`${kind} ${id}`);
  }

  /** The hash of a record, 32 raw bytes. */
  hashOf(name: RecordName): Buffer | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : recordHash(text);
  }

  /** The names of all records. */
  *names(): Generator<RecordName> {
    for (const { data } of this.apps.values()) yield { kind: 'app', id: String(data.id) };
    for (const { id } of this.tokens.values()) yield { kind: 'token', id: String(id) };
    for (const { id } of this.plugins) yield { kind: 'plugin', id: String(id) };
    for (const name of this.others.keys()) yield { kind: name.slice(0, name.indexOf(' ')), id: name.slice(name.indexOf(' ') + 1) };
  }
}

// An id is the decimal form of the number: '07' is no name of app 7.
function textOf(kind: SnapshotRecord['kind'], id: string, data: SnapshotRecord['data'] | undefined): string | undefined {
  return data && String(data.id) === id ? recordText({ kind, id, data } as SnapshotRecord) : undefined;
}
