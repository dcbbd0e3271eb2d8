import { EncodedApp, type GatewayApp } from './gateway-app';
import { isActive, unpackApp } from './pack-records';
import type { PackedTable } from './packed-table';

/** Apps that are in use need not be read again for every request; those that are not shall not take memory. */
const CACHED_OF_A_SHARD = 8;

const cached = new WeakMap<Buffer, Map<number, GatewayApp>>();

/** The apps of a revision. */
export class AppTable {
  private listed: { id: number; isActive: boolean }[] | undefined;

  constructor(readonly packed: PackedTable) {}

  get size(): number {
    return this.packed.size;
  }

  get(id: number): GatewayApp | undefined {
    const key = String(id);
    // The bytes are others as soon as the app is another one.
    const shard = this.packed.shard(key);
    const known = cached.get(shard);
    const app = known?.get(id);
    if (app) return app;
    const value = this.packed.get(key);
    if (value === undefined) return undefined;
    const read = new EncodedApp(unpackApp(value));
    if (!known) cached.set(shard, new Map([[id, read]]));
    else {
      if (known.size >= CACHED_OF_A_SHARD) known.clear();
      known.set(id, read);
    }
    return read;
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
