import { isJsonObject } from '../json';
import { parseManifest } from '../parse-manifest';

const CONNECTOR = {
  id: 'plugin-test',
  name: 'Test Plugin',
  version: '1.0.0',
  description: 'Plugin for testing the plugin system',
  author: 'Somebody',
  type: ['mcp-connector'],
  entry: './dist/index.js',
  capabilities: {
    mcp: {
      connection: { type: 'local' },
      tools: [{ name: 'echo', description: 'Echoes input', input_schema: { type: 'object', properties: { message: { type: 'string' } } } }],
      transport: 'stdio',
      startCommand: 'node mcp/index.js',
    },
  },
};

const parse = (manifest: object) => parseManifest(JSON.stringify(manifest));

function accepted(extra: object = {}) {
  const result = parse({ ...CONNECTOR, ...extra });
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result;
}

function faults(extra: object): string[] {
  const result = parse({ ...CONNECTOR, ...extra });
  return result.ok ? [] : result.faults.map(({ pointer }) => pointer);
}

const mcp = (extra: object) => ({ capabilities: { mcp: { ...CONNECTOR.capabilities.mcp, ...extra } } });

describe('a manifest that names types', () => {
  it('is read as one that names hooks', () => {
    expect(accepted().manifest).toMatchObject({
      id: 'plugin-test',
      author: 'Somebody',
      capabilities: { hooks: ['resource_provider'], primary_hook: 'resource_provider', mcp: CONNECTOR.capabilities.mcp },
      resource_types: [{ slug: 'mcp_servers', name: 'MCP Servers', has_privacy_score: false }],
      runtime: { activation: 'on_demand' },
      entry: './dist/index.js',
    });
  });

  it('warns once of each part that was converted or that nothing is done with', () => {
    const { warnings } = accepted({ configSchema: { key: { type: 'string' } }, permissions: { env: ['KEY'], scopes: ['mcp:invoke'] }, marketplace: {} });
    expect(warnings.map(({ pointer }) => pointer).sort()).toEqual([
      '/capabilities/mcp',
      '/configSchema',
      '/entry',
      '/marketplace',
      '/permissions/env',
      '/permissions/scopes',
      '/type',
    ]);
    for (const { message } of warnings) expect(message).toMatch(/^[A-Z].*\.$/);
  });

  it.each([
    ['channel', 'custom_endpoint'],
    ['mcp-connector', 'resource_provider'],
    ['retriever', 'resource_provider'],
    ['playbook', 'agent'],
    ['workflow', 'object_hooks'],
    ['analytics', 'data_collection'],
  ])('reads the type %s as the hook %s', (type, hook) => {
    expect(accepted({ type: [type] }).manifest.capabilities.hooks).toEqual([hook]);
  });

  it('has each hook once, the first type first, and a resource type for each type that lists something', () => {
    const { manifest } = accepted({ type: ['playbook', 'mcp-connector', 'retriever'] });
    expect(manifest.capabilities).toMatchObject({ hooks: ['agent', 'resource_provider'], primary_hook: 'agent' });
    expect(manifest.resource_types.map(({ slug }) => slug)).toEqual(['mcp_servers', 'retrievers']);
    expect(manifest.runtime.activation).toBe('eager');
  });

  it('keeps what its author says in the other form', () => {
    const { manifest } = accepted({ resource_types: [{ slug: 'shops', name: 'Shops' }], runtime: { activation: 'eager' }, config_schema: { type: 'object' }, configSchema: {} });
    expect(manifest.resource_types.map(({ slug }) => slug)).toEqual(['shops']);
    expect(manifest.runtime.activation).toBe('eager');
    expect(manifest.config_schema).toEqual({ type: 'object' });
  });

  it('changes no more when it is normalised a second time', () => {
    const first = accepted({ configSchema: { key: { type: 'string', encrypted: true, regex: '^k' } } }).manifest;
    const second = parse(first);
    expect(second.ok && second.manifest).toEqual(first);
  });

  it('is a connector without a type when it describes an MCP server', () => {
    expect(accepted({ type: undefined }).manifest.capabilities.hooks).toEqual(['resource_provider']);
  });

  it('reads permissions.api as the other form does', () => {
    expect(accepted({ permissions: { api: ['email'] } }).manifest.permissions.services).toEqual(['email.send']);
    expect(faults({ permissions: { api: ['email', 'myapi'] } })).toEqual(['/permissions/api/1']);
  });

  it('says that a workflow has to name the writes it is asked about', () => {
    const pointers = (extra: object) => accepted({ type: ['workflow'], ...extra }).warnings.map(({ pointer }) => pointer);
    expect(pointers({})).toContain('/permissions/object_hooks');
    expect(pointers({ permissions: { object_hooks: ['app.before_create'] } })).not.toContain('/permissions/object_hooks');
  });
});

describe('a faulty manifest that names types', () => {
  it('has its faults, each once and all together, where its author wrote them', () => {
    expect(
      faults({ id: 'No Id', type: ['mcp-conector'], entry: '../x.js', capabilities: { mcp: { transport: 'carrier-pigeon' } }, configSchema: { key: { type: 'sting' } } }),
    ).toEqual(['/type/0', '/type', '/configSchema/key/type', '/capabilities/mcp/transport', '/entry', '/id']);
  });

  it('suggests the type that was meant', () => {
    const result = parse({ ...CONNECTOR, type: ['mcp-conector'] });
    expect(result.ok ? '' : result.faults[0]?.message).toContain('perhaps `mcp-connector`');
  });

  it('needs a list of at least one type', () => {
    expect(faults({ type: 'channel' })).toEqual(['/type']);
    expect(faults({ type: [] })).toEqual(['/type']);
    expect(faults({ type: undefined, capabilities: {}, configSchema: {} })).toEqual(['/type']);
  });

  it('needs objects where objects belong', () => {
    expect(faults({ capabilities: ['mcp'] })).toEqual(['/capabilities']);
    expect(faults({ capabilities: { mcp: true } })).toEqual(['/capabilities/mcp']);
    expect(faults({ configSchema: [] })).toEqual(['/configSchema']);
    expect(faults({ permissions: [] })).toEqual(['/permissions']);
  });
});

describe('capabilities.mcp', () => {
  it.each([
    { transport: 'sse|websocket|http' },
    { connection: { type: 'remote', url: 'https://mcp.example.com/' } },
    { auth: ['oauth2', 'apiKey'] },
    { auth: { methods: ['oauth2'], oauth: { tokenUrl: 'https://example.com/token' } } },
    { tools: [{ name: 'a', input_schema: 'schemas/a.json' }] },
  ])('takes %j', (extra) => expect(faults(mcp(extra))).toEqual([]));

  it.each([
    [{ transport: 'http|' }, 'transport'],
    [{ startCommand: ['node'] }, 'startCommand'],
    [{ connection: { type: 'remote' } }, 'connection/url'],
    [{ connection: { type: 'remote', url: 'file:///etc/passwd' } }, 'connection/url'],
    [{ connection: { type: 'telepathic' } }, 'connection/type'],
    [{ auth: ['password'] }, 'auth/0'],
    [{ auth: { methods: ['password'] } }, 'auth/methods/0'],
    [{ tools: [{ description: 'nameless' }] }, 'tools/0/name'],
    [{ tools: [{ name: 'a' }, { name: 'a' }] }, 'tools/1/name'],
    [{ tools: [{ name: 'a', input_schema: [] }] }, 'tools/0/input_schema'],
  ])('refuses %j', (extra, pointer) => expect(faults(mcp(extra))).toEqual([`/capabilities/mcp/${pointer}`]));
});

describe('a manifest that names hooks', () => {
  const own = { id: 'com.example.demo', name: 'Demo', version: '1.0.0', capabilities: { hooks: ['agent'], mcp: { transport: 7 } }, type: ['channel'], configSchema: { a: { type: '?' } } };

  it('is never imported: what it has of the other form is left alone', () => {
    const result = parse(own);
    expect(result).toMatchObject({ ok: true, manifest: { ...own, capabilities: { hooks: ['agent'], primary_hook: 'agent', mcp: { transport: 7 } } } });
    expect(result.ok && isJsonObject(result.manifest.config_schema)).toBe(false);
  });
});
