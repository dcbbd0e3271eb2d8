import { pluginHostConfig } from './plugin-host-config';

const problems = (env: Record<string, string>) => pluginHostConfig.safeParse(env).error?.issues.map(({ path, message }) => `${path[0]?.toString()}: ${message}`);

describe('pluginHostConfig', () => {
  it('grants what it granted before there were settings', () => {
    expect(pluginHostConfig.parse({}).policy).toEqual({ roots: [], caps: { messageBytes: 33_554_432, streamBytesPerSecond: 16_777_216 }, uidRange: null, autoMtls: 'auto', transport: 'auto', tlsDirectory: null });
    expect(pluginHostConfig.parse({}).reverse).toBeNull();
  });

  it('reads what the operator allows', () => {
    const env = { PLUGIN_ROOTS: '/opt/plugins:/srv/plugins', PLUGIN_MAX_MEMORY_MB: '512', PLUGIN_MAX_CPU: '0.5', PLUGIN_MAX_ANSWER_SIZE: '16777216', PLUGIN_STREAM_BYTES: '1048576', PLUGIN_UID_RANGE: '200000-200999', PLUGIN_AUTO_MTLS: 'on', PLUGIN_TLS_DIR: '/etc/tls' };
    expect(pluginHostConfig.parse(env).policy).toEqual({
      roots: ['/opt/plugins', '/srv/plugins'], caps: { memoryMb: 512, cpu: 0.5, messageBytes: 16_777_216, streamBytesPerSecond: 1_048_576 }, uidRange: { first: 200_000, last: 200_999 }, autoMtls: 'on', transport: 'auto', tlsDirectory: '/etc/tls',
    });
  });

  it('reads where oci:// plugins come from, and allows no registry by itself', () => {
    expect(pluginHostConfig.parse({}).oci).toEqual({ registries: [], signingKeyFiles: [], cacheDirectory: '/var/cache/sluice-plugins' });
    const env = { PLUGIN_REGISTRIES: 'registry.example.com/plugins, http://registry.lan:5000', PLUGIN_REGISTRY_AUTH_FILE: '/run/auth.json', PLUGIN_SIGNING_KEYS: '/a.pem,/b.pem', PLUGIN_CACHE_DIR: '/cache' };
    expect(pluginHostConfig.parse(env).oci).toEqual({
      registries: ['registry.example.com/plugins', 'http://registry.lan:5000'], authFile: '/run/auth.json', signingKeyFiles: ['/a.pem', '/b.pem'], cacheDirectory: '/cache',
    });
  });

  it('opens a way back for remote plugins where it is told to', () => {
    const env = { PLUGIN_REVERSE_ADDRESS: '[::]:7070', PLUGIN_REVERSE_PUBLIC_ADDRESS: 'host.example:443', PLUGIN_REVERSE_CERT: '/c.pem', PLUGIN_REVERSE_KEY: '/k.pem', PLUGIN_REVERSE_CA: '/ca.pem' };
    expect(pluginHostConfig.parse(env).reverse).toEqual({ listen: { host: '::', port: 7070 }, publicAddress: 'host.example:443', certificateFile: '/c.pem', keyFile: '/k.pem', caFile: '/ca.pem' });
    expect(pluginHostConfig.parse({ PLUGIN_REVERSE_ADDRESS: '10.0.0.5:7070' }).reverse).toEqual({ listen: { host: '10.0.0.5', port: 7070 }, publicAddress: '10.0.0.5:7070' });
  });

  it.each([
    [{ PLUGIN_REVERSE_ADDRESS: '7070' }, 'PLUGIN_REVERSE_ADDRESS: Write a host and a port such as 10.0.0.5:7070.'],
    [{ PLUGIN_REVERSE_ADDRESS: '0.0.0.0:7070' }, 'PLUGIN_REVERSE_PUBLIC_ADDRESS: Plugins cannot connect to 0.0.0.0; set the address that they reach this host at.'],
    [{ PLUGIN_REVERSE_ADDRESS: 'h:1', PLUGIN_REVERSE_KEY: '/k.pem' }, 'PLUGIN_REVERSE_CERT: PLUGIN_REVERSE_CERT and PLUGIN_REVERSE_KEY belong together; set both.'],
    [{ PLUGIN_ROOTS: 'plugins' }, 'PLUGIN_ROOTS: Write absolute folders with colons between them; plugins is relative.'],
    [{ PLUGIN_MAX_PIDS: '0' }, 'PLUGIN_MAX_PIDS: Write a whole number from 1.'],
    [{ PLUGIN_MAX_CPU: '0' }, 'PLUGIN_MAX_CPU: Write a number of processor cores such as 2 or 0.5.'],
    [{ PLUGIN_STREAM_BYTES: '0' }, 'PLUGIN_STREAM_BYTES: Write a size from 64KiB.'],
    [{ PLUGIN_UID_RANGE: '0-10' }, 'PLUGIN_UID_RANGE: Write two user ids such as 200000-200999; 0 is not for plugins.'],
    [{ PLUGIN_REGISTRIES: 'registry.example.com, ftp://other' }, 'PLUGIN_REGISTRIES: "ftp://other" is not a registry; write a host like registry.example.com:5000, with a path like /plugins where only that is allowed.'],
    [{ PLUGIN_UID_RANGE: '20-10' }, 'PLUGIN_UID_RANGE: Write two user ids such as 200000-200999; 0 is not for plugins.'],
  ])('refuses %j', (env, problem) => {
    expect(problems(env)).toEqual([problem]);
  });
});
