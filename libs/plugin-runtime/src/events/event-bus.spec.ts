import { EventBus } from './event-bus';
import type { EventTransport } from './event-transport';
import type { PlatformEvent } from './platform-event';

class FakeTransport implements EventTransport {
  readonly sent: string[] = [];
  arrive: (event: PlatformEvent) => void = () => undefined;

  send({ id }: PlatformEvent): void {
    this.sent.push(id);
  }

  onReceive(handler: (event: PlatformEvent) => void): void {
    this.arrive = handler;
  }
}

const event = (id: string, direction: number): PlatformEvent => ({ id, topic: 't', origin: 'plugin:1', direction, payload: Buffer.alloc(0) });

function bus(runtime: 'studio' | 'gateway') {
  const transport = new FakeTransport();
  const events = new EventBus(runtime, transport);
  const heard: string[] = [];
  events.subscribe(({ id }) => heard.push(id));
  return { events, transport, heard };
}

describe('EventBus', () => {
  it.each([
    ['gateway', 'up'],
    ['studio', 'down'],
  ] as const)('on a %s sends on what goes %s, and delivers everything here', (runtime, leaving) => {
    const { events, transport, heard } = bus(runtime);
    events.publish(event('local', 0));
    events.publish(event('up', 1));
    events.publish(event('down', 2));
    expect(heard).toEqual(['local', 'up', 'down']);
    expect(transport.sent).toEqual([leaving]);
  });

  it.each(['gateway', 'studio'] as const)('on a %s delivers what arrives and does not send it on', (runtime) => {
    const { transport, heard } = bus(runtime);
    transport.arrive(event('a', 1));
    transport.arrive(event('b', 2));
    expect(heard).toEqual(['a', 'b']);
    expect(transport.sent).toEqual([]);
  });

  it('says what is in the way when there is no transport', () => {
    const gateway = new EventBus('gateway');
    expect(gateway.obstacle(1)).toContain('REDIS_URL');
    expect([gateway.obstacle(0), gateway.obstacle(2), bus('gateway').events.obstacle(1)]).toEqual([undefined, undefined, undefined]);
  });
});
