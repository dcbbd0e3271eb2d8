import { definition } from '../testing/test-host';
import { remoteConfig } from './remote-config';

const plugin = definition({ id: 7, deployment: { kind: 'grpc', address: 'p:1', tls: { mode: 'plaintext' } }, config: { limit: 3, _service_token: 'forged', _plugin_runtime: 'studio' } });

describe('remoteConfig', () => {
  it('has no broker, and none of the host\'s keys that the configuration pretends', () => {
    expect(remoteConfig(plugin, 'gateway', undefined)).toEqual({ limit: '3', _plugin_id: '7', plugin_id: '7', _plugin_runtime: 'gateway', has_service_api: 'false' });
  });

  it('names the way back', () => {
    const lease = { config: { _service_address: 'h:2', _service_token: 't', _service_tls: 'off', has_service_api: 'true' }, end: () => undefined };
    expect(remoteConfig(plugin, 'studio', lease)).toEqual({ limit: '3', _plugin_id: '7', plugin_id: '7', _plugin_runtime: 'studio', ...lease.config });
  });
});
