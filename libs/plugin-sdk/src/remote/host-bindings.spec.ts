import { BasePlugin } from '../base-plugin';
import { declarationsOf } from '../server/declarations';
import type { Logger } from '../services/logger';
import { HostBindings } from './host-bindings';

/** Its dynamic imports of CommonJS read differently here. No service is called. */
jest.mock('../services/host-services', () => ({
  ...jest.requireActual<object>('../services/host-services'),
  loadRuntimeClient: async (runtime: string) => ({ runtime, client: {} }),
}));

const SILENT = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined } as unknown as Logger;
const [PEER, OTHER] = ['10.0.0.1:4711', '10.0.0.2:4712'];

function setUp(): HostBindings {
  const plugin = new (class extends BasePlugin {})({ id: 'com.example.bound', name: 'Bound', version: '1.0.0' });
  return new HostBindings({ plugin, declarations: declarationsOf(plugin, undefined), logger: SILENT });
}

describe('HostBindings', () => {
  it('answers each connection for the host that initialised it', async () => {
    const bindings = setUp();
    bindings.connect(PEER);
    bindings.connect(OTHER);
    const binding = await bindings.initialize(PEER, { _plugin_id: '7' });
    expect(await bindings.of(PEER)).toBe(binding);
    expect(await bindings.of(OTHER)).not.toBe(binding);
  });

  it('keeps nothing of a host that has gone, also when it goes in the middle of Initialize', async () => {
    const bindings = setUp();
    bindings.connect(PEER);
    const early = await bindings.initialize(PEER, { _plugin_id: '7' });
    bindings.disconnect(PEER);
    expect(await bindings.of(PEER)).not.toBe(early);

    bindings.connect(PEER);
    const initializing = bindings.initialize(PEER, { _plugin_id: '8' });
    bindings.disconnect(PEER);
    const late = await initializing;
    // The port is given to another host.
    bindings.connect(PEER);
    expect(await bindings.of(PEER)).not.toBe(late);
  });
});
