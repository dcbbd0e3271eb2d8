import { PluginConfig } from '../context/plugin-config';
import { readHostWords } from './way-back';

const SAID = { _plugin_id: '7', _plugin_runtime: 'gateway', _service_address: 'host:1', _service_token: 't', _service_tls: 'on', _service_ca: 'PEM' };

describe('readHostWords', () => {
  it('reads who the host is and how it is reached', () => {
    expect(readHostWords(SAID)).toEqual({ runtime: 'gateway', pluginId: 7, wayBack: { address: 'host:1', token: 't', tls: true, ca: 'PEM' } });
  });

  it('knows no way back without an address or a token', () => {
    expect(readHostWords({ ...SAID, _service_token: '' }).wayBack).toBeUndefined();
    expect(readHostWords({})).toEqual({ runtime: 'studio', pluginId: 0, wayBack: undefined });
  });

  it('keeps what it reads from the author', () => {
    expect(new PluginConfig({ ...SAID, slug: 'a' }).raw).toEqual({ slug: 'a' });
  });
});
