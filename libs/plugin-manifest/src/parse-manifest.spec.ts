import { parseManifest } from './parse-manifest';

const MINIMAL = { id: 'com.example.demo', name: 'Demo', version: '1.0.0', capabilities: { hooks: ['custom_endpoint'] } };

function parse(extra: object = {}) {
  return parseManifest(JSON.stringify({ ...MINIMAL, ...extra }));
}

function accepted(extra: object = {}) {
  const result = parse(extra);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result;
}

/** Pointers of the faults, in order. */
function faults(extra: object): string[] {
  const result = parse(extra);
  return result.ok ? [] : result.faults.map(({ pointer }) => pointer);
}

const warnings = (extra: object): string[] => accepted(extra).warnings.map(({ pointer }) => pointer);

describe('parseManifest', () => {
  it('fills in every default of a minimal manifest', () => {
    expect(accepted()).toEqual({
      ok: true,
      warnings: [],
      manifest: {
        ...MINIMAL,
        capabilities: { hooks: ['custom_endpoint'], primary_hook: 'custom_endpoint' },
        description: '',
        author: '',
        license: '',
        icon: '',
        category: '',
        homepage: '',
        permissions: {
          services: [],
          kv: [],
          rpc: [],
          routes: [],
          ui: [],
          portal_ui: [],
          object_hooks: [],
          events: { publish: ['com.example.demo.*'], subscribe: ['com.example.demo.*'] },
        },
        failure_policies: {},
        ui: { slots: [] },
        portal: { slots: [] },
        assets: [],
        schedules: [],
        resource_types: [],
        runtime: { activation: 'eager', resources: {} },
        compat: { api: [] },
        requires: [],
      },
    });
  });

  it('reports every fault at once', () => {
    expect(faults({ id: 'Not An Id', version: '1', capabilities: { hooks: ['nope'] }, assets: ['../secret'], schedules: [{}] })).toEqual([
      '/id',
      '/capabilities/hooks/0',
      '/capabilities/hooks',
      '/assets/0',
      '/version',
      '/schedules/0/id',
      '/schedules/0/name',
      '/schedules/0/cron',
    ]);
  });

  it('says what to do in one sentence, and never quotes what stood there', () => {
    const result = parse({ id: 'Not An Id', permissions: { services: ['app.read'] }, schedules: 'often' });
    if (result.ok) throw new Error('accepted');
    for (const { message } of result.faults) expect(message).toMatch(/^[A-Z].*\.$/);
    expect(result.faults.find(({ pointer }) => pointer === '/permissions/services/0')?.message).toContain('`apps.read`');
  });

  it('refuses what is not a JSON object with a fault at the root', () => {
    for (const text of ['', '{', '[]', 'null', '"x"', '7']) expect(parseManifest(text)).toMatchObject({ ok: false, faults: [{ pointer: '' }] });
  });

  it('names everything that is required', () => {
    const result = parseManifest('{}');
    expect(result.ok ? [] : result.faults.map(({ pointer }) => pointer)).toEqual(['/id', '/capabilities', '/name', '/version']);
  });

  it('changes nothing when it normalises a second time', () => {
    const first = accepted({
      author: 'A',
      extra: { kept: [1] },
      capabilities: { hooks: ['response', 'studio_ui'], primary_hook: 'response', later: 1 },
      permissions: { api: ['email'], services: ['apps.read'], events: { subscribe: ['a.*'] } },
      schedules: [{ id: 'n', name: 'Nightly', cron: '0 3 * * *', colour: 'red' }],
      resource_types: [{ slug: 's', name: 'S' }],
    });
    const second = parseManifest(JSON.stringify(first.manifest));
    expect(second.ok && second.manifest).toEqual(first.manifest);
  });

  it('reads null as absent, as compiled plugins write empty lists', () => {
    expect(accepted({ assets: null, permissions: null, ui: { slots: null }, config_schema: null }).manifest).toEqual(accepted().manifest);
  });
});

describe('keys that Sluice does not know', () => {
  it('are kept where they stood, with a warning each', () => {
    const { manifest, warnings: found } = accepted({ colour: 'red', permissions: { 'a/b': [1] }, ui: { slots: [], theme: 'dark' } });
    expect(manifest).toMatchObject({ colour: 'red', permissions: { 'a/b': [1] }, ui: { theme: 'dark' } });
    expect(found.map(({ pointer }) => pointer)).toEqual(['/permissions/a~1b', '/ui/theme', '/colour']);
  });

  it('are read without a warning when the contract names them', () => {
    const extra = { security: { csp: "default-src 'self'" }, kvNamespace: 'demo', rpc: { basePath: '/rpc' }, scopeRequests: ['kv'] };
    expect(warnings(extra)).toEqual([]);
    expect(accepted(extra).manifest).toMatchObject(extra);
  });
});

describe('identity', () => {
  it.each(['a', '7', 'com.example.mcp-registry', 'a'.repeat(255)])('takes the id %s', (id) => expect(faults({ id })).toEqual([]));
  it.each(['', 'A', '.a', 'a.', '-a', 'a_b', 'a b', 'ä', 'a\n', 'a'.repeat(256)])('refuses the id %j', (id) => expect(faults({ id })).toEqual(['/id']));
  it.each(['1.0.0', '0.0.1-beta.1+build.5'])('takes the version %s', (version) => expect(faults({ version })).toEqual([]));
  it.each(['1', '1.0', 'v1.0.0', ' 1.0.0', '01.0.0', '1.0.0-', 'latest', 1, ''])('refuses the version %j', (version) =>
    expect(faults({ version })).toEqual(['/version']),
  );
});

describe('capabilities', () => {
  it('reads `response` as `on_response`, also as the primary hook', () => {
    expect(accepted({ capabilities: { hooks: ['pre_auth', 'response', 'on_response'], primary_hook: 'response' } }).manifest.capabilities).toEqual({
      hooks: ['pre_auth', 'on_response'],
      primary_hook: 'on_response',
    });
  });

  it('needs at least one hook', () => {
    expect(faults({ capabilities: {} })).toEqual(['/capabilities/hooks']);
    expect(faults({ capabilities: { hooks: [] } })).toEqual(['/capabilities/hooks']);
    expect(faults({ capabilities: { hooks: 'auth' } })).toContain('/capabilities/hooks');
  });

  it('takes as primary hook only one of the hooks', () => {
    expect(faults({ capabilities: { hooks: ['auth'], primary_hook: 'agent' } })).toEqual(['/capabilities/primary_hook']);
    expect(faults({ capabilities: { hooks: ['auth'], primary_hook: 'constructor' } })).toEqual(['/capabilities/primary_hook']);
  });
});

describe('permissions', () => {
  it('reads api "email" as the scope email.send', () => {
    const { permissions } = accepted({ permissions: { services: ['kv.read'], api: ['email'] } }).manifest;
    expect(permissions.services).toEqual(['kv.read', 'email.send']);
    expect(permissions).not.toHaveProperty('api');
  });

  it('refuses scopes, api names and object hooks that do not exist', () => {
    expect(faults({ permissions: { services: ['apps.read', 'everything'], api: ['sms'], object_hooks: ['llm.before_create', 'llm.sometimes'] } })).toEqual([
      '/permissions/services/1',
      '/permissions/api/0',
      '/permissions/object_hooks/1',
    ]);
  });

  it('allows `*` only at the end of a topic', () => {
    expect(faults({ permissions: { events: { publish: ['echo.*', '*', 'a.b'], subscribe: ['*.b', 'a.*.c', '', 'a b'] } } })).toEqual([
      '/permissions/events/subscribe/0',
      '/permissions/events/subscribe/1',
      '/permissions/events/subscribe/2',
      '/permissions/events/subscribe/3',
    ]);
  });

  it('keeps the default of the direction that is not written, and an empty list as it is', () => {
    expect(accepted({ permissions: { events: { publish: [] } } }).manifest.permissions.events).toEqual({ publish: [], subscribe: ['com.example.demo.*'] });
  });

  it('warns of topics that only the platform publishes', () => {
    expect(warnings({ permissions: { events: { publish: ['system.llm.created', 'system.plugin_resource.instance_changed'] } } })).toEqual([
      '/permissions/events/publish/0',
    ]);
  });
});

describe('assets', () => {
  it.each(['ui/echo.js', 'a', 'ui/..hidden.js', 'ui/a..b'])('takes %s', (path) => expect(faults({ assets: [path] })).toEqual([]));
  it.each(['../a', 'ui/../../a', 'ui/..', '/etc/passwd', 'ui\\..\\a', 'https://x/y', '', 'a//b', './a', 'ui/%2e%2E/a', 'a\0b', 5])('refuses %j', (path) =>
    expect(faults({ assets: [path] })).toEqual(['/assets/0']),
  );
});

describe('slots', () => {
  const webc = { kind: 'webc', tag: 'demo-page', entry: 'ui/demo.js' };
  const item = { type: 'route', path: '/demo', title: 'Demo', mount: webc };

  it('reads a page of the studio', () => {
    const extra = { assets: ['ui/demo.js'], ui: { slots: [{ slot: 'sidebar.section', label: 'Demo', items: [item] }] } };
    expect(warnings(extra)).toEqual([]);
    expect(accepted(extra).manifest.ui.slots).toEqual([
      { slot: 'sidebar.section', label: 'Demo', icon: '', items: [{ ...item, mount: { ...webc, props: {} } }] },
    ]);
  });

  it('has other slots on the portal, with groups', () => {
    expect(accepted({ assets: ['ui/demo.js'], portal: { slots: [{ slot: 'portal_sidebar.section', groups: ['staff'], items: [item] }] } }).manifest.portal.slots[0]).toMatchObject({
      groups: ['staff'],
    });
    expect(faults({ portal: { slots: [{ slot: 'sidebar.section' }] }, ui: { slots: [{ slot: 'portal_sidebar.section' }] } })).toEqual([
      '/ui/slots/0/slot',
      '/portal/slots/0/slot',
    ]);
  });

  it('points at each fault of an item', () => {
    const wrong = { type: 'popup', path: 'demo', mount: { kind: 'webc', tag: 'Demo', entry: '../demo.js', props: [] } };
    expect(faults({ ui: { slots: [{ slot: 'settings.section', items: [wrong, { type: 'component' }] }] } })).toEqual([
      '/ui/slots/0/items/0/type',
      '/ui/slots/0/items/0/path',
      '/ui/slots/0/items/0/mount/tag',
      '/ui/slots/0/items/0/mount/entry',
      '/ui/slots/0/items/0/mount/props',
      '/ui/slots/0/items/1/mount',
    ]);
  });

  it('warns when the entry is not among the assets', () => {
    expect(warnings({ ui: { slots: [{ slot: 'sidebar.link', items: [item] }] } })).toEqual(['/ui/slots/0/items/0/mount/entry']);
  });
});

describe('schedules', () => {
  const nightly = { id: 'nightly', name: 'Nightly', cron: '0 3 * * *' };

  it('fills in the defaults', () => {
    expect(accepted({ schedules: [nightly] }).manifest.schedules).toEqual([{ ...nightly, timezone: 'UTC', enabled: true, timeout_seconds: 60, config: {} }]);
  });

  it('refuses wrong expressions, zones, timeouts and repeated ids', () => {
    const wrong = { ...nightly, cron: '0 25 * * *', timezone: 'Mars/Olympus', timeout_seconds: 0, enabled: 'yes' };
    expect(faults({ schedules: [nightly, wrong] })).toEqual([
      '/schedules/1/cron',
      '/schedules/1/timezone',
      '/schedules/1/enabled',
      '/schedules/1/timeout_seconds',
      '/schedules/1/id',
    ]);
  });
});

describe('resource types', () => {
  it('have slugs that are unique in the plugin', () => {
    const type = { slug: 'mcp_servers', name: 'MCP Servers' };
    expect(accepted({ resource_types: [type] }).manifest.resource_types).toEqual([
      { ...type, description: '', icon: '', has_privacy_score: false, supports_submissions: false, form_component: null },
    ]);
    expect(faults({ resource_types: [type, { ...type, slug: 'MCP' }, type] })).toEqual(['/resource_types/1/slug', '/resource_types/2/slug']);
  });

  it('have a form with a tag and an asset', () => {
    expect(faults({ resource_types: [{ slug: 'a', name: 'A', form_component: { tag: 'form', entry_point: '/x.js' } }] })).toEqual([
      '/resource_types/0/form_component/tag',
      '/resource_types/0/form_component/entry_point',
    ]);
  });
});

describe('config_schema', () => {
  it('has to be a usable JSON Schema', () => {
    expect(faults({ config_schema: { type: 'object', properties: { slug: { type: 'text' } } } })).toEqual(['/config_schema/properties/slug/type']);
    expect(faults({ config_schema: 'x' })).toEqual(['/config_schema']);
    expect(faults({ config_schema: { type: 'object' } })).toEqual([]);
  });
});

describe('failure policies', () => {
  it('are read as they are, or refused with a pointer to the name', () => {
    expect(accepted({ failure_policies: { pre_auth: 'fail_open' } }).manifest.failure_policies).toEqual({ pre_auth: 'fail_open' });
    expect(faults({ failure_policies: { 'app.after_create': 'fail_closed', auth: true } })).toEqual(['/failure_policies/app.after_create', '/failure_policies/auth']);
    expect(faults({ failure_policies: 'fail_open' })).toEqual(['/failure_policies']);
  });
});

describe('runtime, compat, requires', () => {
  it('starts plugins that answer requests at once whatever they ask for, and others as they ask', () => {
    expect(accepted({ runtime: { activation: 'on_demand' } }).manifest.runtime.activation).toBe('eager');
    expect(warnings({ runtime: { activation: 'on_demand' } })).toEqual(['/runtime/activation']);
    const agent = { capabilities: { hooks: ['agent'] }, runtime: { activation: 'on_demand', idle_timeout_ms: 5000, network: 'none' } };
    expect(accepted(agent).manifest.runtime).toEqual({ activation: 'on_demand', idle_timeout_ms: 5000, network: 'none', resources: {} });
  });

  it('refuses limits, ranges and versions that are none', () => {
    expect(
      faults({
        runtime: { resources: { memory_mb: 1.5, pids: -1, cpu: 0 }, network: 'lan' },
        compat: { app: 'soon', min_studio_version: '1' },
        requires: [{ version: '^1.0.0' }, { plugin: 'com.example.other', version: '>>1' }],
      }),
    ).toEqual([
      '/runtime/resources/memory_mb',
      '/runtime/resources/pids',
      '/runtime/resources/cpu',
      '/runtime/network',
      '/compat/app',
      '/compat/min_studio_version',
      '/requires/0/plugin',
      '/requires/1/version',
    ]);
  });
});
