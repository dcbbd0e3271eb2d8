import { InMemoryServerEventBus, type ServerEvent, type ServerEventBus } from '@modelcontextprotocol/server';
import type { Redis } from 'ioredis';

/** Changes reach the listeners of every process, those of the publisher too. */
export class RedisChanges implements ServerEventBus {
  private readonly here = new InMemoryServerEventBus();

  constructor(
    private readonly redis: Redis,
    private readonly subscriber: Redis,
    private readonly channel: string,
  ) {}

  async start(): Promise<void> {
    this.subscriber.on('message', (channel: string, text: string) => {
      if (channel === this.channel) this.here.publish(JSON.parse(text) as ServerEvent);
    });
    await this.subscriber.subscribe(this.channel);
  }

  publish(event: ServerEvent): void {
    // Who cannot be told now reads the change later: an announcement carries nothing that is not also in what it announces.
    this.redis.publish(this.channel, JSON.stringify(event)).catch(() => undefined);
  }

  subscribe(listener: (event: ServerEvent) => void): () => void {
    return this.here.subscribe(listener);
  }
}
