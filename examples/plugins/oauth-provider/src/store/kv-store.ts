import type { KeyValueStore } from '@sluice/plugin-sdk';
import type { Store } from './store';

/** The plugin's own storage on its gateway. */
export class KvStore implements Store {
  constructor(private readonly kv: KeyValueStore) {}

  get<T>(key: string): Promise<T | undefined> {
    return this.kv.getJson<T>(key);
  }

  set(key: string, value: unknown, ttlSeconds: number | undefined): Promise<void> {
    return this.kv.setJson(key, value, ttl(ttlSeconds));
  }

  async delete(key: string): Promise<void> {
    await this.kv.delete(key);
  }

  async addMember(set: string, member: string, ttlSeconds: number | undefined): Promise<void> {
    await this.kv.set(`${set}/${member}`, '', ttl(ttlSeconds));
  }

  async takeMembers(set: string): Promise<string[]> {
    const members: string[] = [];
    const prefix = `${set}/`;
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const page = await this.kv.list({ prefix, cursor });
      members.push(...page.entries.map(({ key }) => key.slice(prefix.length)));
      cursor = page.nextCursor;
    }
    for (const member of members) await this.kv.delete(prefix + member);
    return members;
  }

  async once(key: string, make: () => string): Promise<string> {
    const kept = await this.kv.get(key);
    if (kept) return kept.toString('utf8');
    const made = make();
    try {
      const { swapped, current } = await this.kv.compareAndSet(key, undefined, made);
      return swapped || !current ? made : current.toString('utf8');
    } catch {
      // A host that cannot compare runs one process of the plugin at a time, or says here what else is wrong.
      await this.kv.set(key, made);
      return made;
    }
  }

  async close(): Promise<void> {
    // The host's connection is the host's.
  }
}

function ttl(seconds: number | undefined): { ttlMs: number } | undefined {
  return seconds === undefined ? undefined : { ttlMs: seconds * 1000 };
}
