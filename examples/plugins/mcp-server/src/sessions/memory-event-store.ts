import { randomBytes } from 'node:crypto';
import type { EventStore, JSONRPCMessage } from '@modelcontextprotocol/server';

const KEPT = 1000;

interface StoredEvent {
  id: string;
  streamId: string;
  message: JSONRPCMessage;
}

/** The newest events of one session. */
export class MemoryEventStore implements EventStore {
  private events: StoredEvent[] = [];
  private count = 0;
  /** So that an id of another process is unknown here, and not another event. */
  private readonly nonce = randomBytes(6).toString('hex');

  async storeEvent(streamId: string, message: JSONRPCMessage): Promise<string> {
    const id = `${this.nonce}-${++this.count}`;
    this.events.push({ id, streamId, message });
    if (this.events.length > KEPT) this.events.shift();
    return id;
  }

  async getStreamIdForEventId(eventId: string): Promise<string | undefined> {
    return this.events.find(({ id }) => id === eventId)?.streamId;
  }

  async replayEventsAfter(lastEventId: string, { send }: { send: (eventId: string, message: JSONRPCMessage) => Promise<void> }): Promise<string> {
    const last = this.events.findIndex(({ id }) => id === lastEventId);
    const streamId = this.events[last]?.streamId ?? '';
    for (const event of this.events.slice(last + 1)) if (event.streamId === streamId && !isEmpty(event.message)) await send(event.id, event.message);
    return streamId;
  }
}

/** The first event of a stream says nothing: it only gives the client an id to resume from. */
export function isEmpty(message: JSONRPCMessage): boolean {
  return Object.keys(message).length === 0;
}
