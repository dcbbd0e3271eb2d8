import { waitFor } from '@sluice/testing';
import { Stack } from './stack/stack';
import { writePlugin } from './stack/written-plugin';

jest.setTimeout(120_000);

/** Writes numbered keys side by side until it is ended, and tells how many were acknowledged. */
const WRITER = `
  endpoints() { return [{ path: '/*', methods: ['GET'] }, { path: '/write', methods: ['GET'], streamResponse: true }]; }
  async handleEndpoint(ctx, request) {
    if (request.path.endsWith('/ready')) return 'ready';
    if (request.path.endsWith('/apps')) return ctx.services.gateway.listApps().then(() => 'listed', (error) => error.details);
    const keys = [];
    let cursor;
    do {
      const page = await ctx.services.kv.list({ prefix: 'n/', cursor, limit: 1000 });
      for (const { key } of page.entries) keys.push(key);
      cursor = page.nextCursor;
    } while (cursor);
    return JSON.stringify(keys);
  }
  async *handleEndpointStream(ctx) {
    for (let n = 0; ; n += 20) {
      await Promise.all(Array.from({ length: 20 }, (_, index) => ctx.services.kv.set('n/' + (n + index), Buffer.alloc(2000, 120))));
      yield n + 20 + '\\n';
    }
  }
`;

let stack: Stack;

async function written(slug: string, scopes: string[]): Promise<number> {
  const command = writePlugin(stack.folder, slug, WRITER, { permissions: { services: ['kv.readwrite', 'apps.read'] } });
  const { id } = await stack.api.createEcho(slug, { content: undefined }, { command });
  await stack.api.approve(id, scopes);
  await stack.untilServing(slug);
  return id;
}

beforeAll(async () => {
  stack = await Stack.start();
});
afterAll(() => stack?.close());

describe('values that plugins keep on a gateway', () => {
  it('are there after the gateway was killed in the middle of writing: all that were acknowledged', async () => {
    await written('writer', ['kv.readwrite']);
    await written('neighbour', ['kv.readwrite']);
    const response = await stack.get('/plugins/writer/write');
    let acknowledged = 0;
    const reading = (async () => {
      let text = '';
      for await (const part of response.body!) {
        text += Buffer.from(part).toString();
        acknowledged = Number(text.trimEnd().split('\n').at(-1));
      }
    })().catch(() => undefined);
    await waitFor(() => acknowledged > 500, { timeoutMs: 30_000, message: 'the plugin writes' });
    await stack.gateway.kill();
    await reading;
    await stack.startGateway();
    await stack.untilServing('writer');

    const keys = new Set((await (await stack.get('/plugins/writer/keys')).json()) as string[]);
    const lost = Array.from({ length: acknowledged }, (_, n) => `n/${n}`).filter((key) => !keys.has(key));
    expect(lost).toEqual([]);
    await stack.untilServing('neighbour');
    expect(await (await stack.get('/plugins/neighbour/keys')).json()).toEqual([]);
  });
});

describe('a call that a plugin is refused', () => {
  it('names plugin, scope and remedy, and leaves one row in the audit log of the studio', async () => {
    const id = await written('curious', ['kv.readwrite']);
    const method = '/microgateway_management.MicrogatewayManagementService/ListApps';
    const message = `Plugin "curious" may not call ${method}: it needs the scope apps.read. Declare it under permissions.services in the manifest and approve it for this plugin.`;
    for (let call = 0; call < 5; call += 1) expect(await (await stack.get('/plugins/curious/apps')).text()).toBe(message);
    const rows = () => stack.api.call<unknown[]>('GET', `/api/v1/audit?action=service_api.refuse&target_type=plugin&target_id=${id}`);
    await waitFor(async () => (await rows()).length > 0, { timeoutMs: 20_000, message: 'the studio has written it down' });
    expect(await rows()).toMatchObject([{ actor: { kind: 'plugin', id }, changes: { method, reason: 'scope', message, repeated: 0, gateway: 'e2e' } }]);
    expect(await stack.metric('sluice_plugin_service_calls_total', { plugin: 'curious', method: 'ListApps', outcome: 'PERMISSION_DENIED' })).toBe(5);
  });
});
