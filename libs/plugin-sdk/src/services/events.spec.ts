import { EventMessage } from '@sluice/contracts/plugin-events';
import { type EventCalls, HostEventBus } from './events';
import { JsonLogger } from './logger';

class Refused extends Error {
  readonly code = 7;
}

/** A host with an event service; `streams` are what its answers to `Subscribe` do, one after the other. */
function bus(...streams: (() => AsyncIterable<EventMessage>)[]) {
  const asked: string[] = [];
  const lines: string[] = [];
  const calls: EventCalls = {
    publish: async ({ topic, direction }) => (topic === 'forbidden' ? { success: false, errorMessage: 'Not this topic.', eventId: '' } : { success: true, errorMessage: '', eventId: direction === 1 ? 'id' : 'local id' }),
    subscribe: ({ topic, subscribeAll }, { signal }) => {
      asked.push(`${topic}${subscribeAll ? ' (all)' : ''}`);
      return (streams.shift() ?? (() => silence(signal)))();
    },
  };
  return { asked, lines, events: new HostEventBus(() => calls, () => 3, new JsonLogger('test', (line) => lines.push(line))) };
}

async function* silence(signal: AbortSignal | undefined): AsyncGenerator<EventMessage> {
  await new Promise((resolve) => signal?.addEventListener('abort', resolve));
  yield* [];
}

async function* of(...topics: string[]): AsyncGenerator<EventMessage> {
  for (const topic of topics) yield EventMessage.create({ id: 'i', topic, origin: 'o', direction: 2, payload: Buffer.from('p'), dropped: 3n });
}

async function* broken(error: Error): AsyncGenerator<EventMessage> {
  yield* [];
  throw error;
}

const settled = () => new Promise(setImmediate);

describe('HostEventBus', () => {
  it('publishes, and throws what the host says against it', async () => {
    const { events } = bus();
    expect(await events.publish('topic', 'payload', { direction: 'up' })).toBe('id');
    await expect(events.publish('forbidden', '')).rejects.toThrow('Not this topic.');
  });

  it('opens subscriptions when the first session is ready', async () => {
    const { asked, events } = bus();
    events.subscribe('a.*', () => undefined);
    events.subscribe('*', () => undefined);
    expect(asked).toEqual([]);
    events.start();
    await settled();
    expect(asked).toEqual(['a.*', '* (all)']);
    events.close();
  });

  it('delivers in order, and goes on after a handler that fails', async () => {
    const { lines, events } = bus(() => of('a.1', 'a.2'));
    const seen: string[] = [];
    events.start();
    events.subscribe('a.*', ({ topic, direction, payload, dropped }) => {
      seen.push(`${topic} ${direction} ${String(payload)} ${dropped}`);
      throw new Error('on purpose');
    });
    await settled();
    expect(seen).toEqual(['a.1 down p 3', 'a.2 down p 3']);
    expect(lines).toHaveLength(2);
    events.close();
  });

  it('does not ask again where it was refused', async () => {
    const { asked, lines, events } = bus(() => broken(new Refused('Not this topic.')));
    events.start();
    events.subscribe('a', () => undefined);
    await settled();
    expect(asked).toEqual(['a']);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ '@level': 'error', topic: 'a' });
    events.close();
  });

  it('replaces the handler of a topic, and forgets it', async () => {
    const { asked, events } = bus();
    events.subscribe('a', () => undefined);
    events.subscribe('a', () => undefined);
    events.subscribe('b', () => undefined);
    events.unsubscribe('b');
    events.start();
    await settled();
    expect(asked).toEqual(['a']);
    events.close();
  });
});
