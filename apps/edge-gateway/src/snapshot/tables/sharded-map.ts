/** At 100,000 entries a shard holds 49: a change copies no more than these. */
const SHARDS = 2_048;
const MASK = SHARDS - 1;

/** What can be read of a map. */
export interface Table<K, V> {
  readonly size: number;
  get(key: K): V | undefined;
  has(key: K): boolean;
  values(): Iterable<V>;
  keys(): Iterable<K>;
}

/**
 * A map that never changes. A change makes another map, which has all shards but the changed ones in common with it: whoever holds
 * the old one sees the old revision, a small change costs little, and no table is ever rehashed as a whole.
 */
export class ShardedMap<K extends number | string, V> implements Table<K, V> {
  private static readonly nothing = new ShardedMap<number | string, unknown>(new Array<ReadonlyMap<number | string, unknown>>(SHARDS).fill(new Map()), 0);

  /** For `ShardedMapDraft` alone. */
  constructor(
    readonly shards: readonly ReadonlyMap<K, V>[],
    readonly size: number,
  ) {}

  static empty<K extends number | string, V>(): ShardedMap<K, V> {
    return ShardedMap.nothing as unknown as ShardedMap<K, V>;
  }

  get(key: K): V | undefined {
    return this.shards[shardOf(key)]!.get(key);
  }

  has(key: K): boolean {
    return this.shards[shardOf(key)]!.has(key);
  }

  *values(): Iterable<V> {
    for (const shard of this.shards) yield* shard.values();
  }

  *keys(): Iterable<K> {
    for (const shard of this.shards) yield* shard.keys();
  }

  edit(): ShardedMapDraft<K, V> {
    return new ShardedMapDraft(this);
  }
}

/** Changes beside a map. What it becomes is another map; until then nobody sees anything of it. */
export class ShardedMapDraft<K extends number | string, V> {
  private shards: Map<K, V>[] | undefined;
  private readonly own = new Set<number>();
  private count: number;

  constructor(private readonly base: ShardedMap<K, V>) {
    this.count = base.size;
  }

  get(key: K): V | undefined {
    return (this.shards ?? this.base.shards)[shardOf(key)]!.get(key);
  }

  has(key: K): boolean {
    return (this.shards ?? this.base.shards)[shardOf(key)]!.has(key);
  }

  set(key: K, value: V): void {
    const shard = this.writable(key);
    const before = shard.size;
    shard.set(key, value);
    this.count += shard.size - before;
  }

  delete(key: K): void {
    if (this.has(key) && this.writable(key).delete(key)) this.count--;
  }

  /** The map with these changes. The draft is done with. */
  finish(): ShardedMap<K, V> {
    return this.shards ? new ShardedMap(this.shards, this.count) : this.base;
  }

  private writable(key: K): Map<K, V> {
    const shards = (this.shards ??= [...this.base.shards] as Map<K, V>[]);
    const index = shardOf(key);
    if (this.own.has(index)) return shards[index]!;
    this.own.add(index);
    return (shards[index] = new Map(shards[index]));
  }
}

function shardOf(key: number | string): number {
  if (typeof key === 'number') return key & MASK;
  // FNV-1a; keys are random text, of which four characters are enough.
  let hash = 0x811c9dc5;
  for (let index = 0; index < 4 && index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  return (hash ^ (hash >>> 15)) & MASK;
}
