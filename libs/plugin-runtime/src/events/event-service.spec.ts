import { EventEmitter } from 'node:events';
import { BrokerIdentity } from '../broker/broker-identity';
import { silentLogger } from '../testing/test-host';
import { MAX_EVENT_BYTES } from './check-event';
import { EventBus } from './event-bus';
import { eventService, MAX_SUBSCRIPTIONS } from './event-service';
import type { PlatformEvent } from './platform-event';

const MANIFEST = JSON.stringify({
  id: 'com.example.echo',
  name: 'echo',
  version: '1.0.0',
  capabilities: { hooks: ['custom_endpoint'] },
  permissions: { events: { publish: ['echo.*'], subscribe: ['echo.*'] } },
});

interface Answer {
  error: { details?: string } | null;
  response?: { success: boolean; errorMessage: string; eventId: string };
}

function service({ namespace, linked = true }: { namespace?: string; linked?: boolean } = {}) {
  const sent: PlatformEvent[] = [];
  const transport = { send: (event: PlatformEvent) => void sent.push(event), onReceive: () => undefined };
  const events = new EventBus('studio', linked ? transport : undefined);
  const heard: PlatformEvent[] = [];
  events.subscribe((event) => heard.push(event));
  const identity = new BrokerIdentity({ pluginId: 7, pluginName: 'echo', generation: 1, approvedScopes: [], namespace, askManifest: async () => MANIFEST });
  const { publish } = eventService({ identity, events, logger: silentLogger() }).implementation as unknown as Record<string, (call: object, callback: (error: Answer['error'], response: Answer['response']) => void) => void>;
  const ask = (request: { topic?: string; bytes?: number; direction?: number; pluginId?: string }) =>
    new Promise<Answer>((resolve) => {
      const { topic = 'echo.a', bytes = 0, direction = 0, pluginId = '' } = request;
      publish!({ request: { topic, payload: Buffer.alloc(bytes), direction, pluginId } }, (error, response) => resolve({ error, response }));
    });
  return { ask, sent, heard };
}

describe('Publish', () => {
  it('says who published, whatever the request claims, and to whose gateways it goes', async () => {
    const { ask, sent, heard } = service({ namespace: 'eu' });
    const { response } = await ask({ direction: 2, pluginId: '8' });
    expect(response).toEqual({ success: true, errorMessage: '', eventId: sent[0]!.id });
    expect(sent).toMatchObject([{ topic: 'echo.a', origin: 'plugin:7', direction: 2, namespaces: ['eu'] }]);
    expect(heard).toEqual(sent);
  });

  it.each([
    ['a payload that is too large', { bytes: MAX_EVENT_BYTES + 1 }, /1 MB/],
    ['a direction that does not exist', { direction: 3 }, /direction 3/],
  ])('refuses %s in its answer, and publishes nothing', async (_, request, sentence) => {
    const { ask, heard } = service();
    expect((await ask(request)).response).toMatchObject({ success: false, errorMessage: expect.stringMatching(sentence) as string, eventId: '' });
    expect(heard).toEqual([]);
  });

  it('refuses what cannot get to the other plane, and publishes it nowhere', async () => {
    const { ask, heard } = service({ linked: false });
    expect((await ask({ direction: 2 })).response).toMatchObject({ success: false, errorMessage: expect.stringContaining('REDIS_URL') as string });
    expect(heard).toEqual([]);
    expect((await ask({ direction: 0 })).response?.success).toBe(true);
  });

  it.each(['system.app.created', 'other.a'])('refuses the topic %s', async (topic) => {
    const { ask, heard } = service();
    expect((await ask({ topic })).error?.details).toContain(topic);
    expect(heard).toEqual([]);
  });
});

describe('Subscribe', () => {
  /** A stream whose plugin never reads. */
  class Stream extends EventEmitter {
    readonly request = { topic: 'echo.a', subscribeAll: false, pluginId: '' };
    readonly cancelled = false;
    sendMetadata: () => void = () => undefined;
    readonly end = () => undefined;
    readonly outcome = new Promise<string>((resolve) => {
      this.sendMetadata = () => void resolve('open');
      this.on('error', ({ details }: { details: string }) => resolve(details));
    });
  }

  it('bounds what one plugin has open over all its connections, and counts those that have ended no more', async () => {
    const identity = new BrokerIdentity({ pluginId: 7, pluginName: 'echo', generation: 1, approvedScopes: [], askManifest: async () => MANIFEST });
    const { subscribe } = eventService({ identity, events: new EventBus('studio'), logger: silentLogger() }).implementation as unknown as { subscribe(call: Stream): void };
    const open = () => {
      const stream = new Stream();
      subscribe(stream);
      return stream;
    };
    const streams = Array.from({ length: MAX_SUBSCRIPTIONS }, open);
    expect(new Set(await Promise.all(streams.map(({ outcome }) => outcome)))).toEqual(new Set(['open']));
    expect(await open().outcome).toBe(`Plugin "echo" has ${MAX_SUBSCRIPTIONS} event subscriptions open. End some of them, or subscribe to several topics at once with a * at the end.`);
    streams[0]!.emit('close');
    expect(await open().outcome).toBe('open');
  });
});
