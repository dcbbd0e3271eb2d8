import { Redis } from 'ioredis';

const PREFIX = 'sluice:snapshot:{default}';
const CHANNEL = `${PREFIX}:announcements`;

/** Someone who may write anything to Redis, and hears what everybody hears. Ends with `close`. */
export class HostileRedis {
  /** What was announced, oldest first. */
  readonly heard: Buffer[] = [];

  private constructor(
    private readonly redis: Redis,
    private readonly ear: Redis,
  ) {
    ear.on('messageBuffer', (_channel: Buffer, message: Buffer) => this.heard.push(message));
  }

  static async open(url: string): Promise<HostileRedis> {
    const [redis, ear] = [new Redis(url), new Redis(url)];
    await ear.subscribe(CHANNEL);
    return new HostileRedis(redis, ear);
  }

  announce(message: Buffer): Promise<number> {
    return this.redis.publish(CHANNEL, message);
  }

  pointer(): Promise<Record<string, string>> {
    return this.redis.hgetall(`${PREFIX}:pointer`);
  }

  async point(fields: Record<string, string | number>): Promise<void> {
    await this.redis.hset(`${PREFIX}:pointer`, fields);
  }

  /** As under a studio that writes format 1. */
  async forgetCheckpoint(): Promise<void> {
    await this.redis.hdel(`${PREFIX}:pointer`, 'checkpoint');
  }

  async putDelta(epoch: string, parent: number, delta: Buffer): Promise<void> {
    await this.redis.set(`${PREFIX}:delta:${epoch}:${parent}`, delta);
  }

  async putBody(epoch: string, revision: number, body: Buffer): Promise<void> {
    await this.redis.set(`${PREFIX}:body:${epoch}.${revision}`, body);
  }

  /** Makes something else of every blob that lies there: deltas, indexes, chunks. */
  async rewriteAll(change: (content: Buffer) => Buffer): Promise<void> {
    for (const key of await this.redis.keys(`${PREFIX.replace(/[{}]/g, '?')}:*`)) {
      if ((await this.redis.type(key)) !== 'string') continue;
      const content = await this.redis.getBuffer(key);
      if (content) await this.redis.set(key, change(content));
    }
  }

  close(): void {
    this.redis.disconnect();
    this.ear.disconnect();
  }
}
