import type { PluginDefinition } from '../host/plugin-host';
import { parseDeployment } from '../deployment/parse-deployment';
import { definition, TestHost, until } from '../testing/test-host';
import { FakeRemotePlugin } from './testing/fake-remote-plugin';

jest.setTimeout(30_000);

const ID = 7;
const QUESTIONS = ['getConfigSchema', 'getEndpointRegistrations'];

let plugin: FakeRemotePlugin;
let host: TestHost;

beforeEach(async () => {
  plugin = new FakeRemotePlugin();
  await plugin.start();
  host = new TestHost({ timings: { lossMs: 1_000, connectMs: 1_000, healthIntervalMs: 50 } });
});
afterEach(async () => {
  await host.close();
  plugin.stop();
});

function apply(content: string, change: Partial<PluginDefinition> = {}): void {
  host.host.apply([definition({ id: ID, deployment: parseDeployment(plugin.command), config: { content }, ...change })]);
}

const lifeCycle = () => plugin.heard.filter((call) => !QUESTIONS.includes(call));

describe('a generation at an address', () => {
  it('ends with its session, and never asks the process to end', async () => {
    apply('a');
    await host.serving(ID);
    await host.host.close();
    expect(lifeCycle()).toEqual(['initialize a', 'closeSession shutdown']);
  });

  it('is replaced by the next one without the plugin being let go of in between', async () => {
    apply('a');
    await host.serving(ID);
    apply('b');
    await host.serving(ID, 2);
    await until(() => plugin.heard.includes('closeSession unload'), 5_000);
    expect(lifeCycle()).toEqual(['initialize a', 'initialize b', 'closeSession unload']);
  });

  it('has its configuration back when the next one is refused', async () => {
    apply('a');
    await host.serving(ID);
    apply('refused');
    const { reloadFailed, state } = await host.status(ID, (status) => status.reloadFailed !== null);
    expect({ reloadFailed, state }).toEqual({ reloadFailed: 'The plugin refused to initialise: "not like this".', state: 'ready' });
    expect(lifeCycle()).toEqual(['initialize a', 'initialize refused', 'initialize a']);
  });

  it('is initialised again when the connection was lost for a moment', async () => {
    apply('a');
    const generation = await host.serving(ID);
    plugin.stop();
    await plugin.start();
    await until(() => lifeCycle().length === 2, 5_000);
    expect(lifeCycle()).toEqual(['initialize a', 'initialize a']);
    expect(host.host.serving(ID)).toBe(generation);
  });

  it('ends when the connection stays lost', async () => {
    apply('a');
    await host.serving(ID);
    plugin.stop();
    const { reason, lastExit } = await host.status(ID, ({ state }) => state === 'crashed');
    expect(reason).toMatch(/^The connection to the plugin at 127\.0\.0\.1:\d+ was lost\. Nothing listens/);
    expect(lastExit).toMatchObject({ code: null, signal: null, generation: 1 });
  });

  it('ends when three health checks in a row fail', async () => {
    apply('a');
    await host.serving(ID);
    plugin.healthy = false;
    const { reason } = await host.status(ID, ({ state }) => state === 'crashed');
    expect(reason).toBe('The plugin did not answer three health checks in a row; the connection to it was given up.');
    plugin.healthy = true;
    await host.serving(ID, 2);
  });

  it('is not started at a plugin that says that it is not healthy', async () => {
    plugin.healthy = false;
    apply('a');
    const { reason } = await host.status(ID, ({ state }) => state === 'crashed');
    expect(reason).toMatch(/^The plugin at 127\.0\.0\.1:\d+ says that it is not healthy\.$/);
    expect(plugin.heard).toEqual([]);
  });

  it('says that nobody here enforces its limits', async () => {
    apply('a', { limits: { memoryMb: 64 } });
    await host.serving(ID);
    expect(host.host.status(ID)!.notEnforced).toEqual([expect.stringContaining('The limits of the manifest are not enforced')]);
  });
});
