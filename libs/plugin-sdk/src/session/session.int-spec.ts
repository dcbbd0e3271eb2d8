import type { OpenSessionResponse, PluginServiceClient } from '@sluice/contracts/plugin';
import { FakeServices } from '../testing/fake-services';
import { answer, eventually, RawHost } from '../testing/raw-host';

// Real processes on a busy machine.
jest.setTimeout(60_000);

let host: RawHost;
let services: FakeServices;
let client: PluginServiceClient;

beforeEach(async () => {
  host = RawHost.spawn('busy-plugin');
  services = new FakeServices();
  client = await host.plugin();
  const config = { slug: 'busy', _plugin_id: '42', plugin_id: '42', _service_broker_id: '1', service_broker_id: '1', has_service_api: 'true' };
  await answer((done) => client.initialize({ config }, done));
});

afterEach(async () => {
  services.stop();
  await host.close();
});

const openSession = (timeoutMs: number) =>
  answer<OpenSessionResponse>((done) => client.openSession({ serviceBrokerId: 1, pluginId: 42, metadata: {}, timeoutMs }, done));
const state = async () => JSON.parse(await host.get('/state')) as { seen: string[]; sessions: string[] };

describe('a session', () => {
  it('blocks for as long as the host said, ends with TIMEOUT, and readies the plugin once', async () => {
    await services.start(host.folder, await host.broker());
    const started = Date.now();
    expect(await openSession(300)).toMatchObject({ success: true, closeReason: 1, sessionId: expect.stringMatching(/\w/) });
    expect(Date.now() - started).toBeGreaterThanOrEqual(290);
    expect(await openSession(50)).toMatchObject({ success: true, closeReason: 1 });
    expect((await state()).sessions).toEqual(['initialized 42 {"slug":"busy"}', 'ready']);
  });

  it.each([
    ['unload', 2],
    ['shutdown', 2],
    ['you misbehaved', 3],
  ])('that is closed for "%s" ends with close reason %i', async (reason, closeReason) => {
    await services.start(host.folder, await host.broker());
    const session = openSession(30_000);
    await eventually(async () => (await state()).sessions.includes('ready'));
    await answer((done) => client.closeSession({ reason }, done));
    expect(await session).toMatchObject({ success: true, closeReason });
    expect((await state()).sessions).toContain(`closing ${reason}`);
  });

  it('fails with a sentence when the host never announces its services', async () => {
    expect(await openSession(30_000)).toMatchObject({
      success: false,
      errorMessage: 'The host did not announce its services (broker id 1) within 5 s.',
    });
  });
});

describe('the services of the host', () => {
  it('store, return and delete values; a missing key is undefined', async () => {
    await services.start(host.folder, await host.broker());
    expect(JSON.parse(await host.get('/kv/some-key'))).toEqual({ before: true, after: { kept: true }, deleted: [true, false] });
  });

  it('are called as this plugin, with defaults for what the author left out', async () => {
    await services.start(host.folder, await host.broker());
    expect(JSON.parse(await host.get('/apps'))).toEqual({ count: 9_007_199_254_740_992 });
    expect(services.listAppsRequests).toEqual([{ context: { pluginId: 42, methodScope: '' }, isActive: undefined, page: 0, limit: 7 }]);
  });

  it('of the other runtime are refused with a sentence', async () => {
    await expect(host.get('/wrong-runtime')).rejects.toMatchObject({ details: expect.stringContaining('exists in the studio only') });
  });

  it('carry events: subscribed with the first session, a failing handler does not end it', async () => {
    await services.start(host.folder, await host.broker());
    expect(await host.get('/publish')).toBe('event-7');
    expect(services.published).toMatchObject([{ topic: 'busy.topic', pluginId: '42', direction: 0 }]);
    expect(services.subscribers).toHaveLength(0);
    const session = openSession(30_000);
    await eventually(() => services.subscribers.length === 1);
    expect(services.subscribers[0]?.request).toMatchObject({ topic: 'busy.*', pluginId: '42', subscribeAll: false });
    services.deliver('busy.a', 'throw');
    services.deliver('busy.b', 'second');
    await eventually(async () => (await state()).seen.length === 2);
    expect((await state()).seen).toEqual(['event busy.a throw', 'event busy.b second']);
    await answer((done) => client.closeSession({ reason: 'unload' }, done));
    await session;
  });

  it('are found again when their connection was lost, and the subscriptions with them', async () => {
    await services.start(host.folder, await host.broker());
    const session = openSession(30_000);
    await eventually(() => services.subscribers.length === 1);
    services.stop();
    await services.start(host.folder, await host.broker());
    await eventually(() => services.subscribers.length === 1);
    services.deliver('busy.again', 'after the loss');
    await eventually(async () => (await state()).seen.includes('event busy.again after the loss'));
    expect(JSON.parse(await host.get('/apps'))).toEqual({ count: 9_007_199_254_740_992 });
    await answer((done) => client.closeSession({ reason: 'unload' }, done));
    await session;
  });
});
