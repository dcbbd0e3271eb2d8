import type { Logger } from '@sluice/plugin-sdk';
import { Redis } from 'ioredis';
import type { Store } from './store';

/** A Redis that all gateways use. */
export class RedisStore implements Store {
  private constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
  ) {}

  /** Rejects with a sentence when Redis cannot be reached; later the connection comes back by itself. */
  static async connect(url: string, logger: Pick<Logger, 'warn'>, prefix = 'oauth-provider:'): Promise<RedisStore> {
    const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 2 });
    redis.on('error', (error: Error) => logger.warn('Redis cannot be reached.', { reason: error.message }));
    try {
      await redis.connect();
      return new RedisStore(redis, prefix);
    } catch (cause) {
      redis.disconnect();
      throw new Error(`The Redis of the config value "redis_url" cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }

  async get<T>(key: string): Promise<T | undefined> {
    const text = await this.redis.get(this.prefix + key);
    return text === null ? undefined : (JSON.parse(text) as T);
  }

  async set(key: string, value: unknown, ttlSeconds: number | undefined): Promise<void> {
    const text = JSON.stringify(value);
    if (ttlSeconds === undefined) await this.redis.set(this.prefix + key, text);
    else await this.redis.set(this.prefix + key, text, 'EX', ttlSeconds);
  }

  async delete(key: string): Promise<void> {
    await this.redis.del(this.prefix + key);
  }

  async addMember(set: string, member: string, ttlSeconds: number | undefined): Promise<void> {
    const key = this.prefix + set;
    await this.redis.sadd(key, member);
    // A set lives as long as its longest member.
    if (ttlSeconds === undefined) await this.redis.persist(key);
    else if ((await this.redis.ttl(key)) < ttlSeconds) await this.redis.expire(key, ttlSeconds);
  }

  async takeMembers(set: string): Promise<string[]> {
    const [members] = (await this.redis.multi().smembers(this.prefix + set).del(this.prefix + set).exec()) ?? [];
    return (members?.[1] as string[] | undefined) ?? [];
  }

  async once(key: string, make: () => string): Promise<string> {
    const kept = await this.redis.get(this.prefix + key);
    if (kept !== null) return kept;
    await this.redis.set(this.prefix + key, make(), 'NX');
    return (await this.redis.get(this.prefix + key)) ?? '';
  }

  async close(): Promise<void> {
    this.redis.disconnect();
  }
}
