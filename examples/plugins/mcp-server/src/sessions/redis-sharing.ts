import { randomBytes, randomUUID } from 'node:crypto';
import type { Logger } from '@sluice/plugin-sdk';
import { Redis } from 'ioredis';
import type { Caller } from '../caller';
import { RedisChanges } from './redis-changes';
import { RedisEventStore } from './redis-event-store';
import { RedisForwarding } from './redis-forwarding';
import type { ForwardedHandler, SessionRecord, Sharing } from './sharing';

const PREFIX = 'mcp-server:';
/** Takes the place of the owner, if the owner is still who it was. */
const CLAIM = `
local text = redis.call('GET', KEYS[1])
if not text or cjson.decode(text).owner ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`;

const sessionKey = (sessionId: string) => `${PREFIX}session:${sessionId}`;

/** With Redis: a session can be reached through every gateway, and goes on elsewhere when its process has ended. */
export class RedisSharing implements Sharing {
  readonly changes: RedisChanges;
  private readonly forwarding: RedisForwarding;

  private constructor(
    private readonly redis: Redis,
    private readonly subscriber: Redis,
    private readonly idleMs: number,
    readonly self: string,
  ) {
    this.changes = new RedisChanges(redis, subscriber, `${PREFIX}changes`);
    this.forwarding = new RedisForwarding(redis, subscriber, `${PREFIX}process:`, self);
  }

  /** Rejects with a sentence when Redis cannot be reached; later the connection comes back by itself. */
  static async connect(url: string, idleMs: number, logger: Pick<Logger, 'warn'>, self: string = randomUUID()): Promise<RedisSharing> {
    const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 2 });
    const subscriber = redis.duplicate();
    for (const client of [redis, subscriber]) client.on('error', (error: Error) => logger.warn('Redis cannot be reached.', { reason: error.message }));
    const sharing = new RedisSharing(redis, subscriber, idleMs, self);
    try {
      await Promise.all([redis.connect(), subscriber.connect()]);
      await Promise.all([sharing.changes.start(), sharing.forwarding.start()]);
      return sharing;
    } catch (cause) {
      await sharing.close();
      throw new Error(`The Redis of the config value "redis_url" cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }

  async secret(): Promise<Uint8Array> {
    const key = `${PREFIX}request-state-key`;
    await this.redis.set(key, randomBytes(32).toString('base64'), 'NX');
    return Buffer.from((await this.redis.get(key)) ?? '', 'base64');
  }

  async find(sessionId: string): Promise<SessionRecord | undefined> {
    const text = await this.redis.getex(sessionKey(sessionId), 'PX', this.idleMs);
    return text === null ? undefined : (JSON.parse(text) as SessionRecord);
  }

  async save(sessionId: string, record: SessionRecord): Promise<void> {
    await this.redis.set(sessionKey(sessionId), JSON.stringify(record), 'PX', this.idleMs);
  }

  async remove(sessionId: string): Promise<void> {
    await this.redis.del(sessionKey(sessionId));
    await this.events(sessionId).clear();
  }

  async claim(sessionId: string, record: SessionRecord): Promise<boolean> {
    const claimed = JSON.stringify({ ...record, owner: this.self });
    return (await this.redis.eval(CLAIM, 1, sessionKey(sessionId), record.owner, claimed, this.idleMs)) === 1;
  }

  events(sessionId: string): RedisEventStore {
    return new RedisEventStore(this.redis, `${PREFIX}events:${sessionId}`, this.idleMs);
  }

  forward(owner: string, request: Request, caller: Caller | undefined): Promise<Response | undefined> {
    return this.forwarding.forward(owner, request, caller);
  }

  serve(handler: ForwardedHandler): void {
    this.forwarding.serve(handler);
  }

  leave(): Promise<void> {
    return this.forwarding.leave();
  }

  async close(): Promise<void> {
    this.forwarding.close();
    this.subscriber.disconnect();
    this.redis.disconnect();
  }
}
