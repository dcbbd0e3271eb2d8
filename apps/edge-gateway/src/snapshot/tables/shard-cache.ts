/** What is in use need not be read again for every request; what is not shall not take memory. */
const KEPT_OF_A_SHARD = 8;

/** Keeps what was read of the lines of a shard for as long as its bytes are in force: they are others as soon as a line is another one. */
export class ShardCache<K, V> {
  private readonly shards = new WeakMap<Buffer, Map<K, V>>();

  get(shard: Buffer, key: K): V | undefined {
    return this.shards.get(shard)?.get(key);
  }

  set(shard: Buffer, key: K, value: V): V {
    const known = this.shards.get(shard);
    if (!known) this.shards.set(shard, new Map([[key, value]]));
    else {
      if (known.size >= KEPT_OF_A_SHARD) known.clear();
      known.set(key, value);
    }
    return value;
  }
}
