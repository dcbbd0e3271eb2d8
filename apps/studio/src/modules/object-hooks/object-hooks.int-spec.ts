import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createNoopMeter, metrics, type Attributes } from '@opentelemetry/api';
import { waitFor } from '@sluice/testing';
import { DataSource } from 'typeorm';
import { MadePlugins } from '../../testing/made-plugins';
import { TestStudio, type Answer, type Json } from '../../testing/test-studio';

const EXAMPLE = `file://${resolve(__dirname, '../../../../../examples/plugins/object-hook/dist/main.js')}`;

jest.setTimeout(120_000);

/** What was counted, since the API gives nothing back. */
const counted: Attributes[] = [];
const counter = { add: (_value: number, attributes?: Attributes) => void counted.push(attributes ?? {}) };
const meter = Object.assign(Object.create(createNoopMeter()) as ReturnType<typeof createNoopMeter>, {
  createCounter: (name: string) => (name === 'sluice_object_hooks_total' ? counter : { add: () => undefined }),
});

describe('object hooks of apps', () => {
  const made = new MadePlugins();
  const heard = join(made.folder, 'heard');
  let studio: TestStudio;

  beforeAll(async () => {
    metrics.setGlobalMeterProvider({ getMeter: () => meter });
    studio = await TestStudio.start();
  });
  afterAll(async () => {
    await studio.close();
    metrics.disable();
    made.remove();
  });
  afterEach(async () => {
    for (const { id } of (await call('GET', '/plugins')).body.data) await call('DELETE', `/plugins/${id}`);
  });

  const call = (method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> => studio.call(method, `/api/v1${path}`, { body, headers });
  const createApp = (name: string, more: object = {}) => call('POST', '/apps', { name, ...more });
  const apps = async (name: string): Promise<Json[]> => (await call('GET', '/apps?limit=200')).body.data.filter((app: Json) => app.name === name);
  const auditOf = async (query: string): Promise<Json[]> => (await call('GET', `/audit?${query}`)).body.data;
  const lines = (): string[] => (existsSync(heard) ? readFileSync(heard, 'utf8').split('\n').slice(0, -1) : []);

  async function register(command: string, more: object = {}, state = 'ready'): Promise<number> {
    const { status, body } = await call('POST', '/plugins', { name: 'Guard', command, ...more });
    expect({ status, body }).toMatchObject({ status: 201 });
    await waitFor(async () => (await call('GET', `/plugins/${body.data.id}/status`)).body.data.studio?.state === state, { timeoutMs: 30_000 });
    return body.data.id;
  }

  /** A plugin with hooks of apps; `handle` is the body of its handler, which has `call` and `note`. */
  function hooking(name: string, handle: string, { hooks = ['before_create'], priority = 0, permitted = hooks, start = '' }: { hooks?: string[]; priority?: number; permitted?: string[]; start?: string } = {}): string {
    return made.make(
      name,
      { capabilities: { hooks: ['object_hooks'] }, permissions: { object_hooks: permitted.map((hook) => `app.${hook}`) } },
      `initialize() { ${start} }
       objectHooks() { return [{ objectType: 'app', hookTypes: ${JSON.stringify(hooks)}, priority: ${priority} }]; }
       async handleObjectHook(ctx, call) { const note = (text) => require('node:fs').appendFileSync(${JSON.stringify(heard)}, text + '\\n'); ${handle} }`,
    );
  }

  describe('the example plugin', () => {
    const config = { forbidden_words: ['test'], metadata: { cost_center: 'none' }, keep: ['Kept'] };

    it('rejects, changes and lets pass what is written', async () => {
      const id = await register(EXAMPLE, { name: 'App rules', config });
      const refused = await createApp('My test');
      expect(refused).toMatchObject({ status: 403, body: { code: 'objectHooks.rejected' } });
      expect(refused.body.detail).toBe('The plugin "App rules" does not allow this (app.before_create): The name of an app may not contain "test".');
      expect(await apps('My test')).toEqual([]);

      const { body } = await createApp('Shop', { metadata: { team: 'a' } });
      expect(body.data).toMatchObject({ name: 'Shop', metadata: { team: 'a', cost_center: 'none' } });
      const [row] = await auditOf(`target_type=app&target_id=${body.data.id}`);
      expect(row).toMatchObject({ action: 'app.create', changes: { object_hooks: [{ plugin_id: id, modified: true, message: 'Metadata was filled in.' }] } });

      const path = `/apps/${body.data.id}`;
      expect(await call('PATCH', path, { name: 'test shop' })).toMatchObject({ status: 403, body: { detail: expect.stringContaining('app.before_update') } });
      expect(await call('PATCH', path, { metadata: {} })).toMatchObject({ status: 200, body: { data: { name: 'Shop', metadata: { cost_center: 'none' } } } });
      expect(await call('DELETE', path)).toMatchObject({ status: 204 });
      expect(await call('GET', path)).toMatchObject({ status: 404 });
    });

    it('keeps what it is told to keep', async () => {
      await register(EXAMPLE, { config });
      const { body } = await createApp('Kept');
      expect(await call('DELETE', `/apps/${body.data.id}`)).toMatchObject({ status: 403, body: { detail: expect.stringContaining('app.before_delete') } });
      expect(await call('GET', `/apps/${body.data.id}`)).toMatchObject({ status: 200 });
    });
  });

  describe('several plugins', () => {
    it('are asked by their priority, see what those before them did, and hear of what was written', async () => {
      const append = (text: string) => `
        if (call.hookType === 'after_create') { note('${text} ' + call.object.id + ' ' + call.object.description + ' ' + JSON.stringify(call.metadata) + ' ' + call.operationId); return; }
        note('${text} before ' + call.operationId);
        return { object: { ...call.object, description: call.object.description + '${text}' }, metadata: { last: '${text}', ${text}: 'seen' } };`;
      const hooks = ['before_create', 'after_create'];
      await register(hooking('late', append('late'), { hooks, priority: 20 }));
      await register(hooking('early', append('early'), { hooks, priority: -5 }));
      await register(hooking('middle', append('middle'), { hooks }));
      const { body } = await createApp('In order', { description: '>' });
      expect(body.data.description).toBe('>earlymiddlelate');
      await waitFor(() => lines().length === 6, { timeoutMs: 15_000 });
      const operation = lines()[0]!.split(' ')[2];
      const left = '{"last":"late","early":"seen","middle":"seen","late":"seen"}';
      expect(lines()).toEqual([
        ...['early', 'middle', 'late'].map((name) => `${name} before ${operation}`),
        ...['early', 'middle', 'late'].map((name) => expect.stringMatching(new RegExp(`^${name} ${body.data.id} >earlymiddlelate \\{.*"last":"late".*\\} ${operation}$`))),
      ]);
      expect(JSON.parse(lines()[3]!.split(' ')[3]!)).toEqual(JSON.parse(left));
    });

    it('are asked only what their manifest permits', async () => {
      const id = await register(hooking('overreaching', `return { allow: false, reason: 'never' };`, { hooks: ['before_create', 'before_update'], permitted: ['before_update'] }));
      expect(await createApp('Permitted')).toMatchObject({ status: 201 });
      expect((await call('GET', `/plugins/${id}/status`)).body.data.object_hooks).toEqual([
        { hook: 'app.before_create', priority: 0, policy: 'fail_closed', permitted: false },
        { hook: 'app.before_update', priority: 0, policy: 'fail_closed', permitted: true },
      ]);
    });
  });

  describe('a hook that fails', () => {
    const DOWN = hooking('down', '', { start: `throw new Error('no licence');` });

    it.each([
      ['is not running', DOWN, 'crashed', 503, 'objectHooks.pluginUnavailable', 'it is not running (The plugin refused to initialise: "no licence")'],
      ['ends while it is asked', hooking('deadly', 'process.exit(7);'), 'ready', 503, 'objectHooks.pluginUnavailable', 'it ended before it answered'],
      ['does not answer', hooking('mute', 'await new Promise(() => undefined);'), 'ready', 503, 'objectHooks.pluginUnavailable', 'it did not answer within 5 s'],
      ['answers with an error', hooking('throws', `throw new Error('out of order');`), 'ready', 502, 'objectHooks.pluginFailed', 'out of order'],
      ['answers no object', hooking('text', `return { object: 'text' };`), 'ready', 502, 'objectHooks.pluginFailed', 'it says that it changed the object, and sent no JSON object'],
      ['answers nonsense', hooking('nonsense', `return { object: { ...call.object, rate_limit: -1, colour: 'red' } };`), 'ready', 502, 'objectHooks.pluginFailed', 'it changed the object so that it cannot be written: /rate_limit: Must not be negative. /colour: There is no such member.'],
    ])('refuses the write or is noted, as its policy says: %s', async (what, command, state, status, code, deed) => {
      // A plugin that is down is tried again and again, so that its state is one of several.
      const id = state === 'ready' ? await register(command) : (await call('POST', '/plugins', { name: 'Guard', command })).body.data.id;
      if (state !== 'ready') await waitFor(async () => ((await call('GET', `/plugins/${id}/status`)).body.data.studio?.reason ?? '') !== '', { timeoutMs: 30_000 });
      const name = `App of one that ${what}`;
      const refused = await createApp(name);
      expect({ status: refused.status, code: refused.body.code }).toEqual({ status, code });
      expect(refused.body.detail).toContain(`the plugin "Guard" (id ${id}) has to be asked first (hook app.before_create)`);
      expect(refused.body.detail).toContain(deed);
      expect(await apps(name)).toEqual([]);

      await call('PATCH', `/plugins/${id}`, { failure_policies: { 'app.before_create': 'fail_open' } });
      expect(await createApp(name)).toMatchObject({ status: 201 });
      const rows = await auditOf(`action=object_hook.skip&target_id=${id}`);
      expect(rows).toMatchObject([{ target_type: 'plugin', actor: { name: 'admin@example.com' }, changes: { hook: 'app.before_create', policy: 'fail_open' } }]);
      expect(counted.filter(({ plugin_id }) => plugin_id === id).map(({ hook, outcome }) => `${hook} ${outcome}`)).toEqual(['app.before_create refused', 'app.before_create skipped']);
    });

    it('after a write leaves it written, with a row in the audit log', async () => {
      const id = await register(hooking('late-fault', `throw new Error('too late');`, { hooks: ['after_create'] }));
      expect(await createApp('Written')).toMatchObject({ status: 201 });
      await waitFor(async () => (await auditOf(`action=object_hook.skip&target_id=${id}`)).length === 1, { timeoutMs: 15_000 });
      expect(await apps('Written')).toHaveLength(1);
    });

    it('is no reason to keep a plugin that somebody deactivated', async () => {
      const id = await register(hooking('put-away', `throw new Error('out of order');`));
      await call('PATCH', `/plugins/${id}`, { is_active: false });
      expect(await createApp('Free again')).toMatchObject({ status: 201 });
    });
  });

  it('are asked outside every transaction, about the very object that is written', async () => {
    const { body } = await createApp('Raced');
    await register(hooking('slow', `note('asked'); await new Promise((done) => setTimeout(done, 1500));`, { hooks: ['before_update'] }));
    const before = lines().length;
    const slow = call('PATCH', `/apps/${body.data.id}`, { description: 'slow' });
    await waitFor(() => lines().length > before, { timeoutMs: 10_000 });
    const open: Json[] = await studio.app.get(DataSource).query(`SELECT query FROM pg_stat_activity WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid() AND application_name LIKE 'studio%'`);
    expect(open).toEqual([]);
    await studio.app.get(DataSource).query(`UPDATE apps SET name = 'Faster', version = version + 1 WHERE id = $1`, [body.data.id]);
    expect(await slow).toMatchObject({ status: 412, body: { code: 'http.preconditionFailed' } });
    expect((await call('GET', `/apps/${body.data.id}`)).body.data).toMatchObject({ name: 'Faster', description: '' });
  });
});
