import { FakeStarter } from '../testing/fake-starter';
import { definition } from '../testing/test-host';
import { FittingStarter } from './fitting-starter';

const HERE = { app: '0.1.0', gateway: '0.1.0', api: ['v1'] };

function setUp(registered?: { api: string[]; min_gateway_version?: string }) {
  const inner = new FakeStarter();
  const request = { definition: definition({ deployment: { kind: 'file', path: '/plugin' }, compat: registered }), generation: 1, ring: undefined as never, signal: new AbortController().signal };
  return { inner, started: () => new FittingStarter(inner, HERE).start(request) };
}

const manifest = (compat: object) => JSON.stringify({ id: 'test.fit', name: 'Fit', version: '1.0.0', capabilities: { hooks: ['custom_endpoint'] }, compat });

describe('FittingStarter', () => {
  it('does not even start what was registered as unfit', async () => {
    const { inner, started } = setUp({ api: ['v9'], min_gateway_version: '2.0.0' });
    await expect(started()).rejects.toThrow('The plugin does not fit this host: The plugin needs a Sluice gateway >=2.0.0; this is 0.1.0. The plugin needs the API v9; here are v1.');
    expect(inner.requests).toEqual([]);
  });

  it('starts what fits, and what says nothing', async () => {
    for (const compat of [undefined, { api: ['v1'], min_gateway_version: '0.1.0' }]) {
      const { inner, started } = setUp(compat);
      const starting = started();
      const generation = await inner.succeed();
      await expect(starting).resolves.toBe(generation);
      expect(generation.farewell).toBeUndefined();
    }
  });

  it('ends what says only when it runs that it does not fit', async () => {
    const { inner, started } = setUp();
    const starting = started();
    const refused = expect(starting).rejects.toThrow('The plugin does not fit this host: The plugin needs Sluice >=3.0.0; this is 0.1.0.');
    const generation = await inner.succeed({ manifestJson: manifest({ app: '>=3.0.0' }) });
    await refused;
    expect(generation.farewell).toBe('unload');
  });
});
