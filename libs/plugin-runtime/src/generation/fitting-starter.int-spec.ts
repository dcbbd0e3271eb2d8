import { FaultyPlugins } from '../testing/faulty-plugin';
import { definition, isRunning, TestHost } from '../testing/test-host';

const HERE = { app: '0.1.0', gateway: '0.1.0', api: ['v1'] };

jest.setTimeout(60_000);

describe('a host that knows what it is', () => {
  const plugins = new FaultyPlugins();
  let hosted: TestHost;
  beforeEach(() => {
    hosted = new TestHost({ platform: HERE });
  });
  afterEach(() => hosted.close());
  afterAll(() => plugins.remove());

  it('says in its status why a plugin does not start, and starts no process of it', async () => {
    hosted.host.apply([definition({ deployment: plugins.deployment('none'), compat: { api: [], min_gateway_version: '2.0.0' } })]);
    const crashed = await hosted.status(1, ({ state }) => state === 'crashed');
    expect(crashed.reason).toBe('The plugin does not fit this host: The plugin needs a Sluice gateway >=2.0.0; this is 0.1.0.');
    expect(hosted.statuses.every(({ pid }) => pid === null)).toBe(true);
    expect(hosted.directories()).toEqual([]);
  });

  it('goes on with the generation that fits when the next one does not', async () => {
    const fits = definition({ deployment: plugins.deployment('none'), compat: { api: ['v1'], app: '^0.1.0' } });
    hosted.host.apply([fits]);
    await hosted.serving(1);
    hosted.host.apply([{ ...fits, compat: { api: ['v2'] } }]);
    const { reloadFailed, pid } = await hosted.status(1, (status) => status.reloadFailed !== null);
    expect(reloadFailed).toBe('The plugin does not fit this host: The plugin needs the API v2; here are v1.');
    expect(isRunning(pid!)).toBe(true);
    expect(hosted.host.serving(1)?.generation).toBe(1);
  });
});
