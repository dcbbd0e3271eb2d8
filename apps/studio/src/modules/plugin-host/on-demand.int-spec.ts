import { waitFor } from '@sluice/testing';
import { ECHO_PLUGIN, PluginFiles } from '../../testing/plugin-files';
import { TestStudio } from '../../testing/test-studio';

jest.setTimeout(60_000);

describe('a plugin whose manifest wants to be started on demand', () => {
  const files = new PluginFiles();
  let studio: TestStudio;
  let id: number;
  beforeAll(async () => {
    studio = await TestStudio.start();
    const manifest = { id: 'com.example.seldom', name: 'Seldom', version: '1.0.0', capabilities: { hooks: ['studio_ui'] }, runtime: { activation: 'on_demand', idle_timeout_ms: 1_500 } };
    files.write('plugin.manifest.json', JSON.stringify(manifest));
    const command = files.write('seldom.js', `require(${JSON.stringify(ECHO_PLUGIN.slice('file://'.length))});`);
    const { status, body } = await studio.call('POST', '/api/v1/plugins', { body: { name: 'Seldom', command, config: { slug: 'seldom', content: 'Hello' } } });
    expect({ status, body }).toMatchObject({ status: 201 });
    id = body.data.id;
  });
  afterAll(async () => {
    await studio?.close();
    files.remove();
  });

  const host = async () => (await studio.call('GET', `/api/v1/plugins/${id}/status`)).body.data.studio as { state: string; generation: number; reason: string } | null;
  const call = () => studio.call('POST', `/api/v1/plugins/${id}/rpc/get_content`, { body: {} });
  const rests = () => waitFor(async () => (await host())?.state === 'stopped', { timeoutMs: 20_000, message: () => 'the plugin rests' });

  it('has no process until it is called, answers the call that starts it, and ends when nobody has called it for its time', async () => {
    await rests();
    expect(await host()).toMatchObject({ generation: 0, reason: '' });
    expect(await call()).toMatchObject({ status: 200, body: { data: expect.anything() } });
    expect(await host()).toMatchObject({ state: 'ready', generation: 1 });
    await rests();
    const answers = await Promise.all([call(), call(), call()]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await host()).toMatchObject({ state: 'ready', generation: 2, reason: '' });
  });

  it('says why it cannot be called when it does not start', async () => {
    await rests();
    files.write('seldom.js', 'process.exit(7);');
    const { status, body } = await call();
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'plugin.notLoaded' });
    expect(body.detail).toMatch(/^The plugin is not running\. .* has changed since the plugin was registered/);
  });
});
