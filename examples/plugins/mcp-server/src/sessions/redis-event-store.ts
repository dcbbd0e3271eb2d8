import type { EventStore, JSONRPCMessage } from '@modelcontextprotocol/server';
import type { Redis } from 'ioredis';
import { isEmpty } from './memory-event-store';

const KEPT = 1000;

/** The newest events of one session in a Redis stream: whoever owns the session next can replay them. */
export class RedisEventStore implements EventStore {
  constructor(
    private readonly redis: Redis,
    private readonly key: string,
    private readonly idleMs: number,
  ) {}

  async storeEvent(streamId: string, message: JSONRPCMessage): Promise<string> {
    const [added] = (await this.redis
      .multi()
      .xadd(this.key, 'MAXLEN', '~', KEPT, '*', 'stream', streamId, 'message', JSON.stringify(message))
      .pexpire(this.key, this.idleMs)
      .exec()) ?? [];
    if (!added || added[0]) throw new Error('The event could not be stored.', { cause: added?.[0] });
    return String(added[1]);
  }

  async getStreamIdForEventId(eventId: string): Promise<string | undefined> {
    if (!/^\d+-\d+$/.test(eventId)) return undefined;
    const [event] = await this.redis.xrange(this.key, eventId, eventId);
    return event?.[1][1];
  }

  async replayEventsAfter(lastEventId: string, { send }: { send: (eventId: string, message: JSONRPCMessage) => Promise<void> }): Promise<string> {
    const streamId = (await this.getStreamIdForEventId(lastEventId)) ?? '';
    for (const [eventId, [, stream, , text]] of await this.redis.xrange(this.key, `(${lastEventId}`, '+')) {
      const message = JSON.parse(text ?? '{}') as JSONRPCMessage;
      if (stream === streamId && !isEmpty(message)) await send(eventId, message);
    }
    return streamId;
  }

  async clear(): Promise<void> {
    await this.redis.del(this.key);
  }
}
