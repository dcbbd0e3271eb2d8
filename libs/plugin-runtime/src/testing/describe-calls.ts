import { EndpointResponseChunk_ChunkType as ChunkType } from '@sluice/contracts/plugin';
import { parseManifest } from '@sluice/plugin-manifest';
import { inspectPlugin } from '../host/inspect-plugin';
import type { PluginGeneration } from '../host/plugin-host';
import { ask, EchoStream } from './echo-client';
import { ECHO, type SuiteContext } from './suite-context';
import { silentLogger, type TestHost, until } from './test-host';

const DEADLINE_EXCEEDED = 4;
const UNKNOWN = 2;

export function describeCalls(context: SuiteContext): void {
  let hosted: TestHost;
  let echo: PluginGeneration;

  beforeAll(async () => ({ hosted, echo } = await context.started({ config: { slug: 'echo', content: 'Hello', limit: 1e-7, deep: { a: [1] }, none: null } })));
  afterAll(() => hosted?.close());

  it('is inspected without being initialised, and nothing of it is left', async () => {
    const inspection = await inspectPlugin(context.deployment, { runtime: 'studio', runDirectory: hosted.runDirectory, logger: silentLogger() });
    const manifest = parseManifest(inspection.manifestJson);
    expect(manifest.ok && manifest.manifest.capabilities.hooks).toEqual(['custom_endpoint', 'studio_ui', 'config_provider']);
    expect(JSON.parse(inspection.configSchemaJson)).toMatchObject({ type: 'object' });
    expect(hosted.directories()).toHaveLength(context.isRemote ? 0 : 1);
  });

  it('answers the questions: manifest, config schema, endpoints', () => {
    const manifest = parseManifest(echo.answers.manifestJson);
    expect(manifest.ok && manifest.manifest.permissions.services).toEqual(expect.arrayContaining(['kv.readwrite', 'apps.read']));
    expect(JSON.parse(echo.answers.configSchemaJson)).toMatchObject({ type: 'object' });
    const routes = echo.answers.endpoints.map(({ path, methods, requireAuth, streamResponse }) => ({ path, methods: methods.length, requireAuth, streamResponse }));
    expect(routes).toEqual(
      expect.arrayContaining([
        { path: '/*', methods: 7, requireAuth: false, streamResponse: false },
        { path: '/private/*', methods: 2, requireAuth: true, streamResponse: false },
        { path: '/stream', methods: 1, requireAuth: false, streamResponse: true },
        { path: '/public-exact', methods: 1, requireAuth: false, streamResponse: false },
      ]),
    );
  });

  it('receives its configuration as text', async () => {
    const { json } = await ask(echo, 'GET', '/');
    expect(json.config).toMatchObject({ content: 'Hello', limit: '0.0000001', deep: '{"a":[1]}' });
    expect(json.config).not.toHaveProperty('none');
    expect(json).toMatchObject({ content: 'Hello', runtime: 'gateway', pid: context.isRemote ? expect.any(Number) : hosted.host.status(ECHO)!.pid });
  });

  it('receives every field of a request', async () => {
    const app = { id: 3, name: 'Billing', description: 'd', ownerEmail: 'a@b.c', isActive: true, monthlyBudget: 12.5, rateLimit: 60, metadata: { tier: 'gold' }, pluginResources: [] };
    const { json } = await ask(echo, 'POST', '/users/123?x=1&y=%20', {
      headers: { 'Content-Type': 'text/plain', 'X-Webhook-Signature': 'abc' },
      body: Buffer.from('ping'),
      remoteAddr: '10.0.0.9',
      host: 'gw.example',
      protocol: 'http',
      authenticated: true,
      scopes: ['a', 'b'],
      app,
      context: { requestId: 'r-1', vendor: '', llmId: 0, llmSlug: '', appId: 3, userId: 0, metadata: { edge_id: 'edge-1' }, traceContext: {} },
    });
    expect(json).toMatchObject({
      method: 'POST',
      path: '/plugins/echo/users/123',
      relative_path: '/users/123',
      path_segments: ['users', '123'],
      headers: { 'Content-Type': 'text/plain', 'X-Webhook-Signature': 'abc' },
      body: 'ping',
      query_string: 'x=1&y=%20',
      remote_addr: '10.0.0.9',
      host: 'gw.example',
      protocol: 'http',
      authenticated: true,
      scopes: ['a', 'b'],
      app: { id: 3, name: 'Billing', owner_email: 'a@b.c', monthly_budget: 12.5, rate_limit: 60, metadata: { tier: 'gold' } },
      context: { request_id: 'r-1', metadata: { edge_id: 'edge-1' } },
    });
  });

  it('answers with a status of its own, and with more than 4 MiB', async () => {
    expect((await ask(echo, 'GET', '/status/418')).status).toBe(418);
    expect((await ask(echo, 'GET', '/bytes/6000000')).body.length).toBe(6_000_000);
  });

  it('fails a call with the error of the plugin', async () => {
    await expect(ask(echo, 'GET', '/error')).rejects.toMatchObject({ status: UNKNOWN, message: expect.stringContaining('echo failed on purpose') });
  });

  it('fails a call that takes longer than its deadline, and only that one', async () => {
    const quick = ask(echo, 'GET', '/quick');
    await expect(ask(echo, 'GET', '/sleep/10000', {}, 300)).rejects.toMatchObject({ status: DEADLINE_EXCEEDED });
    expect((await quick).status).toBe(200);
    expect(echo.channel.activeCalls).toBe(0);
  });

  it('streams one chunk after the other', async () => {
    const stream = new EchoStream(echo, '/stream?count=5&interval_ms=100');
    expect(await stream.ended).toBeNull();
    expect(stream.chunks.map(({ type }) => type)).toEqual([ChunkType.HEADERS, ...Array<ChunkType>(5).fill(ChunkType.BODY), ChunkType.DONE]);
    expect(stream.events.map(({ n }) => n)).toEqual([0, 1, 2, 3, 4]);
    const [first, last] = [stream.chunks[1]!.at, stream.chunks[5]!.at];
    expect(last - first).toBeGreaterThan(200);
  });

  it('tells the plugin when nobody reads a stream any more', async () => {
    const before = (await ask(echo, 'GET', '/cancelled')).json.cancelled as number;
    const stream = new EchoStream(echo, '/stream?count=0&interval_ms=20');
    await until(() => stream.events.length >= 3, 5_000);
    stream.call.cancel();
    const received = stream.chunks.length;
    expect(echo.channel.activeCalls).toBe(0);
    const deadline = Date.now() + 5_000;
    while (((await ask(echo, 'GET', '/cancelled')).json.cancelled as number) === before) expect(Date.now()).toBeLessThan(deadline);
    expect(stream.chunks.length).toBe(received);
  });

  it('holds a plugin back that streams faster than its reader reads', async () => {
    const stream = new EchoStream(echo, '/stream?count=0&interval_ms=0&bytes=65536');
    await until(() => stream.events.length >= 2, 5_000);
    stream.call.pause();
    const read = stream.events.length;
    await new Promise((resolve) => setTimeout(resolve, 700));
    const resumedAt = Date.now();
    expect(stream.events.length).toBe(read);
    stream.call.resume();
    await until(() => stream.events.some(({ at }) => at >= resumedAt), 10_000);
    stream.call.cancel();
    const { events } = stream;
    expect(events.map(({ n }) => n)).toEqual(events.map((_, index) => index));
    // What the plugin had produced meanwhile fits into the buffers between the two processes.
    expect(events.filter(({ at }) => at < resumedAt).length - read).toBeLessThan(200);
  });

  it.each(['/stream?fail_before=1', '/stream?count=5&interval_ms=10&fail_after=2'])('hears of a stream that fails: %s', async (target) => {
    const stream = new EchoStream(echo, target);
    const error = await stream.ended;
    expect(error !== null || stream.chunks.some(({ type }) => type === ChunkType.ERROR)).toBe(true);
    expect(stream.events.length).toBe(target.includes('fail_after') ? 2 : 0);
    expect(stream.chunks.some(({ type }) => type === ChunkType.DONE)).toBe(false);
  });
}
