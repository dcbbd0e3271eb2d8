import { CallerPlugin } from '../testing/caller-plugin';
import { ask } from '../testing/echo-client';
import { memoryServiceApi } from '../testing/memory-service-api';
import { definition, TestHost } from '../testing/test-host';
import type { RefusedCall } from './refused-calls';

jest.setTimeout(120_000);

const FIRST_USE_MS = 60_000;
const NOT_FOUND = 5;
const PLUGINS = { patient: 1, dropping: 2, greedy: 3, owner: 4, thief: 5, unapproved: 6 };

const plugin = new CallerPlugin();
const refused: RefusedCall[] = [];
let hosted: TestHost;
let loadedAt: number;

async function get(name: keyof typeof PLUGINS, target: string): Promise<{ status: number; text: string }> {
  const { status, body } = await ask(await hosted.serving(PLUGINS[name]), 'GET', target, {}, 60_000);
  return { status, text: body.toString() };
}

beforeAll(async () => {
  hosted = new TestHost({ serviceApi: [memoryServiceApi()], onRefusedCall: (call) => refused.push(call) });
  hosted.host.apply(Object.entries(PLUGINS).map(([name, id]) => definition({ id, name, deployment: plugin.deployment(), approvedScopes: name === 'unapproved' ? [] : ['kv.readwrite'] })));
  await Promise.all(Object.values(PLUGINS).map((id) => hosted.serving(id)));
  loadedAt = Date.now();
});
afterAll(async () => {
  await hosted?.close();
  plugin.remove();
});

describe('the Service API', () => {
  it('works for a plugin that opens ten connections one after the other', async () => {
    expect(await get('greedy', '/connections/10')).toEqual({ status: 200, text: JSON.stringify(Array.from({ length: 10 }, (_, n) => String(n))) });
  });

  it('works for a plugin that drops its connection and opens another, time and again', async () => {
    for (let round = 0; round < 3; round += 1) expect(await get('dropping', '/reopen')).toEqual({ status: 200, text: '"yes"' });
  });

  it('knows whose values are asked for from the socket, whatever name is put into the call', async () => {
    expect(await get('owner', '/write/secret/mine')).toMatchObject({ status: 200 });
    expect(JSON.parse((await get('thief', `/pretend/${PLUGINS.owner}/secret`)).text)).toEqual([NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND]);
    expect(JSON.parse((await get('owner', `/pretend/${PLUGINS.thief}/secret`)).text)[0]).toBe('mine');
  });

  it('tells its host once of calls that are refused again and again', async () => {
    for (let call = 0; call < 3; call += 1) expect((await get('unapproved', '/write/a/b')).text).toContain('kv.readwrite');
    expect(refused).toEqual([
      expect.objectContaining({
        pluginId: PLUGINS.unapproved,
        pluginName: 'unapproved',
        method: '/microgateway_management.MicrogatewayManagementService/WritePluginKV',
        reason: 'scope',
        message: expect.stringContaining('approve it for this plugin'),
      }),
    ]);
  });

  it('works for a plugin that first uses it a minute after it was loaded', async () => {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, loadedAt + FIRST_USE_MS - Date.now())));
    expect(await get('patient', '/connections/1')).toEqual({ status: 200, text: '["0"]' });
  });
});
