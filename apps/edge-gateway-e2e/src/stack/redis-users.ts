import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { repository } from './repository';

/** Users of a Redis with the rules that operators are given, under names of this stack's own. */
export class RedisUsers {
  private readonly suffix = randomBytes(4).toString('hex');
  private readonly password = randomBytes(16).toString('hex');
  private readonly made = new Map<string, string>();

  constructor(private readonly redisUrl: string) {}

  /** As a URL for REDIS_URL. */
  studio(): Promise<string> {
    return this.user('studio.acl', '');
  }

  /** `default` is the namespace without a name. */
  gateway(namespace: string): Promise<string> {
    return this.user('gateway.acl', namespace);
  }

  /** A Redis that is gone has no users any more. */
  async remove(): Promise<void> {
    if (this.made.size === 0) return;
    await this.administrate((redis) => redis.call('ACL', 'DELUSER', ...[...this.made.keys()])).catch(() => undefined);
  }

  private async user(file: string, namespace: string): Promise<string> {
    const hash = createHash('sha256').update(this.password).digest('hex');
    const [, name = '', ...rules] = readFileSync(join(repository, 'deploy/redis', file), 'utf8').replaceAll('NAMESPACE', namespace).replaceAll('PASSWORD_SHA256', hash).trim().split(' ');
    const user = `${name}-${this.suffix}`;
    if (!this.made.has(user)) {
      if (!(await this.add(user, rules))) return this.redisUrl;
      const url = new URL(this.redisUrl);
      url.username = user;
      url.password = this.password;
      this.made.set(user, url.href);
    }
    return this.made.get(user)!;
  }

  /** False for the server in JavaScript, which has no users. */
  private add(user: string, rules: readonly string[]): Promise<boolean> {
    return this.administrate(async (redis) => {
      try {
        await redis.call('ACL', 'SETUSER', user, 'reset', ...rules);
        return true;
      } catch (error) {
        if (error instanceof Error && /unknown (sub)?command/i.test(error.message)) return false;
        throw error;
      }
    });
  }

  private async administrate<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = new Redis(this.redisUrl, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
    try {
      await redis.connect();
      return await work(redis);
    } finally {
      redis.disconnect();
    }
  }
}
