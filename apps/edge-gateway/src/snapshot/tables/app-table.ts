import { EncodedApp, type GatewayApp } from './gateway-app';
import { isActive, unpackApp } from './pack-records';
import type { PackedTable } from './packed-table';
import { ShardCache } from './shard-cache';

const cache = new ShardCache<number, GatewayApp>();

/** The apps of a revision. */
export class AppTable {
  private listed: { id: number; isActive: boolean }[] | undefined;

  constructor(readonly packed: PackedTable) {}

  get size(): number {
    return this.packed.size;
  }

  get(id: number): GatewayApp | undefined {
    const key = String(id);
    const shard = this.packed.shard(key);
    const known = cache.get(shard, id);
    if (known) return known;
    const value = this.packed.get(key);
    return value === undefined ? undefined : cache.set(shard, id, new EncodedApp(unpackApp(value)));
  }

  has(id: number): boolean {
    return this.packed.has(String(id));
  }

  /** In the order of their ids. */
  ids(active?: boolean): number[] {
    this.listed ??= [...this.packed.keys()].map((key) => ({ id: Number(key), isActive: isActive(this.packed.get(key)!) })).sort((a, b) => a.id - b.id);
    return this.listed.flatMap((app) => (active === undefined || app.isActive === active ? [app.id] : []));
  }

  keys(): Generator<string> {
    return this.packed.keys();
  }
}
