import { EventEmitter } from 'node:events';
import type { ServerWritableStream } from '@grpc/grpc-js';
import type { EventMessage, SubscribeRequest } from '@sluice/contracts/plugin-events';
import { EventBus } from './event-bus';
import { EventSubscription } from './event-subscription';

/** A stream whose reader takes what the test lets it take. */
class FakeStream extends EventEmitter {
  readonly taken: string[] = [];
  /** Of each event that was taken. */
  readonly dropped: bigint[] = [];
  full = false;

  write({ id, dropped }: EventMessage): boolean {
    this.taken.push(id);
    this.dropped.push(dropped);
    return !this.full;
  }

  end(): void {
    this.emit('ended');
  }

  drain(): void {
    this.full = false;
    this.emit('drain');
  }
}

function subscribe(bus: EventBus, stream: FakeStream, onDropped: (count: number) => void = () => undefined): EventSubscription {
  const call = stream as unknown as ServerWritableStream<SubscribeRequest, EventMessage>;
  return new EventSubscription('s', 'echo.*', call, bus, ({ topic }) => topic.startsWith('echo.'), onDropped);
}

const publish = (bus: EventBus, id: number, topic = 'echo.a') => bus.publish({ id: String(id), topic, origin: 'plugin:1', direction: 0, payload: Buffer.alloc(0) });

describe('EventSubscription', () => {
  it('gets what it wants, and nothing once it has ended', () => {
    const bus = new EventBus('gateway');
    const stream = new FakeStream();
    const subscription = subscribe(bus, stream);
    publish(bus, 1);
    publish(bus, 2, 'other.a');
    subscription.end();
    publish(bus, 3);
    expect(stream.taken).toEqual(['1']);
  });

  it('loses the oldest events while its reader is slow, and slows nobody else', () => {
    const bus = new EventBus('gateway');
    const [slow, quick] = [new FakeStream(), new FakeStream()];
    slow.full = true;
    subscribe(bus, slow);
    subscribe(bus, quick);
    for (let id = 0; id < 1_500; id += 1) publish(bus, id);
    expect(quick.taken).toHaveLength(1_500);
    expect(slow.taken).toEqual(['0']);
    slow.drain();
    expect(slow.taken).toHaveLength(1_001);
    expect(slow.taken.slice(0, 2)).toEqual(['0', '500']);
    expect(slow.taken.at(-1)).toBe('1499');
  });

  it('tells how many were lost, once, on the event after the gap', () => {
    const bus = new EventBus('gateway');
    const stream = new FakeStream();
    const counted: number[] = [];
    stream.full = true;
    subscribe(bus, stream, (count) => counted.push(count));
    for (let id = 0; id < 1_500; id += 1) publish(bus, id);
    expect(counted.reduce((sum, count) => sum + count)).toBe(499);
    stream.drain();
    expect(stream.dropped.slice(0, 3)).toEqual([0n, 499n, 0n]);
    expect(stream.dropped.reduce((sum, dropped) => sum + dropped) + BigInt(stream.taken.length)).toBe(1_500n);
  });
});
