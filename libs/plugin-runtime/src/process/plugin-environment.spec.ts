import { pluginEnvironment } from './plugin-environment';

describe('pluginEnvironment', () => {
  const inherited = { PATH: '/bin', HOME: '/root', TMPDIR: '/tmp', LANG: 'C', https_proxy: 'http://proxy', DATABASE_URL: 'postgres://secret', NODE_OPTIONS: '--inspect' };

  it('passes nothing on but the allow-list', () => {
    expect(pluginEnvironment({ inherited, runtime: 'gateway', edgeId: 'edge-1', directory: '/run/p' })).toEqual({
      PATH: '/bin',
      HOME: '/root',
      LANG: 'C',
      https_proxy: 'http://proxy',
      TMPDIR: '/run/p',
      AI_STUDIO_PLUGIN: 'v1',
      PLUGIN_PROTOCOL_VERSIONS: '1',
      PLUGIN_MIN_PORT: '10000',
      PLUGIN_MAX_PORT: '25000',
      PLUGIN_UNIX_SOCKET_DIR: '/run/p',
      PLUGIN_RUNTIME: 'gateway',
      EDGE_ID: 'edge-1',
    });
  });

  it('leaves EDGE_ID out where there is none', () => {
    expect(pluginEnvironment({ inherited: {}, runtime: 'studio', directory: '/run/p' })).not.toHaveProperty('EDGE_ID');
  });
});
