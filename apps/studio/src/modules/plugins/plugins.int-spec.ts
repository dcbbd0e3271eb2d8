import { waitFor } from '@sluice/testing';
import { DataSource } from 'typeorm';
import { ECHO_PLUGIN, PluginFiles } from '../../testing/plugin-files';
import { TestStudio, type Answer } from '../../testing/test-studio';

const SECRET = 'the very secret of the tests';

jest.setTimeout(60_000);

describe('plugins', () => {
  const files = new PluginFiles();
  let studio: TestStudio;
  beforeAll(async () => {
    studio = await TestStudio.start();
  });
  afterAll(async () => {
    await studio.close();
    files.remove();
  });

  const post = (path: string, body?: unknown): Promise<Answer> => studio.call('POST', `/api/v1/plugins${path}`, { body });
  const patch = (id: number, body: unknown): Promise<Answer> => studio.call('PATCH', `/api/v1/plugins/${id}`, { body });
  const get = (path: string): Promise<Answer> => studio.call('GET', `/api/v1/plugins${path}`);
  const pointers = (answer: Answer): string[] => (answer.body.errors ?? []).map((error: { pointer: string }) => error.pointer);

  async function register(config: Record<string, unknown>, more: Record<string, unknown> = {}): Promise<Answer['body']> {
    const answer = await post('', { name: 'Echo', command: ECHO_PLUGIN, config, ...more });
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status: 201 });
    return answer.body.data;
  }

  async function dump(): Promise<string> {
    const rows = await studio.app.get(DataSource).query('SELECT (SELECT json_agg(p) FROM plugins p) AS plugins, (SELECT json_agg(a) FROM audit_entries a) AS audit');
    return JSON.stringify(rows);
  }

  describe('registration', () => {
    it('reads hooks, scopes, schema and slug', async () => {
      const plugin = await register({ slug: 'read-me' });
      expect(plugin).toMatchObject({
        slug: 'read-me',
        hook_types: ['custom_endpoint', 'studio_ui', 'config_provider'],
        hook_types_customized: false,
        is_active: true,
        namespace: '',
        reloads: 0,
        scopes: { declared: ['kv.readwrite', 'plugins.config', 'apps.read'], approved: [], effective: [], pending: ['kv.readwrite', 'plugins.config', 'apps.read'] },
        manifest: { id: 'com.example.echo-endpoint', version: '1.0.0' },
      });
      expect((await get(`/${plugin['id']}/config-schema`)).body.data.properties.secret).toMatchObject({ format: 'password' });
      expect((await get('')).body.data.map((row: { id: number }) => row.id)).toContain(plugin['id']);
    });

    it.each([
      ['a file that does not exist', 'file:///nowhere/at/all', 'There is no file /nowhere/at/all.'],
      ['a scheme that is none', 'http://example.com/plugin', 'http:// is not a plugin scheme; use file://, oci:// or grpc://.'],
      ['no scheme', '/opt/plugin', '/opt/plugin has no scheme; write it like file:///opt/plugins/echo.'],
    ])('refuses %s', async (_, command, sentence) => {
      const answer = await post('', { name: 'x', command, config: { slug: 'x' } });
      expect(answer).toMatchObject({ status: 400, body: { code: 'plugins.invalid', detail: sentence, errors: [{ pointer: '/command', detail: sentence }] } });
    });

    it('refuses a file that is not executable', async () => {
      const answer = await post('', { name: 'x', command: files.write('not-executable', '#!/bin/sh\n', 0o644), config: { slug: 'x' } });
      expect(answer.status).toBe(400);
      expect(answer.body.detail).toMatch(/is not executable; run chmod \+x on it\.$/);
    });

    it('says what a process did that could not be asked', async () => {
      const command = files.write('falls.js', 'console.error("no licence file"); process.exit(3);');
      const answer = await post('', { name: 'x', command, config: { slug: 'x' } });
      expect(answer).toMatchObject({ status: 400, body: { code: 'plugins.unreadable', errors: [{ pointer: '/command' }] } });
      expect(answer.body.detail).toMatch(/exit code 3/);
    });

    it('asks for a slug and says what it is', async () => {
      const answer = await post('', { name: 'x', command: ECHO_PLUGIN });
      expect(answer).toMatchObject({ status: 400, body: { code: 'plugins.invalid', detail: expect.stringContaining('needs a "slug"') } });
      expect(pointers(answer)).toEqual(['/config/slug']);
    });

    it('names the plugin that has the slug, in any namespace that it would share with it', async () => {
      const first = await register({ slug: 'taken' }, { name: 'First', namespace: 'eu' });
      for (const namespace of ['eu', '']) {
        const answer = await post('', { name: 'Second', command: ECHO_PLUGIN, config: { slug: 'taken' }, namespace });
        expect(answer).toMatchObject({ status: 409, body: { code: 'plugins.slugTaken', errors: [{ pointer: '/config/slug' }] } });
        expect(answer.body.detail).toContain(`"First" (id ${first['id']})`);
      }
      await register({ slug: 'taken' }, { name: 'Elsewhere', namespace: 'us' });
      const sleeping = await register({ slug: 'taken' }, { name: 'Sleeping', namespace: 'eu', is_active: false });
      expect(await patch(sleeping['id'], { is_active: true })).toMatchObject({ status: 409 });
      expect(await patch(first['id'], { is_active: false })).toMatchObject({ status: 200 });
      expect(await patch(sleeping['id'], { is_active: true })).toMatchObject({ status: 200 });
    });

    it('points at what the config schema refuses', async () => {
      const answer = await post('', { name: 'x', command: ECHO_PLUGIN, config: { slug: 'schema', content: 7 } });
      expect(answer.status).toBe(400);
      expect(pointers(answer)).toEqual(['/config/content']);
    });

    it('refuses what the database cannot store', async () => {
      const name = await post('', { name: 'a\u0000', command: ECHO_PLUGIN, config: { slug: 'nul' } });
      expect({ status: name.status, pointers: pointers(name) }).toEqual({ status: 400, pointers: ['/name'] });
      const config = await post('', { name: 'x', command: ECHO_PLUGIN, config: { slug: 'nul', content: '\u0000' } });
      expect({ status: config.status, pointers: pointers(config) }).toEqual({ status: 400, pointers: ['/config/content'] });
    });

    it('narrows the hooks and never widens them', async () => {
      expect(await register({ slug: 'narrow' }, { hook_types: ['custom_endpoint'] })).toMatchObject({ hook_types: ['custom_endpoint'], hook_types_customized: true });
      const answer = await post('', { name: 'x', command: ECHO_PLUGIN, config: { slug: 'wide' }, hook_types: ['custom_endpoint', 'agent'] });
      expect(answer.status).toBe(400);
      expect(pointers(answer)).toEqual(['/hook_types/1']);
    });
  });

  describe('secrets', () => {
    it('are written, never read, and kept when they are not sent anew', async () => {
      const plugin = await register({ slug: 'secretive', secret: SECRET });
      expect(plugin['config']).toEqual({ slug: 'secretive', secret: { set: true } });
      const kept = await patch(plugin['id'], { config: { slug: 'secretive', content: 'new', secret: { set: true } } });
      expect(kept.body.data.config).toEqual({ slug: 'secretive', content: 'new', secret: { set: true } });
      const omitted = await patch(plugin['id'], { config: { slug: 'secretive' } });
      expect(omitted.body.data.config).toEqual({ slug: 'secretive', secret: { set: true } });
      const removed = await patch(plugin['id'], { config: { slug: 'secretive', secret: null } });
      expect(removed.body.data.config).toEqual({ slug: 'secretive', secret: { set: false } });
    });

    it('stand nowhere in the database in clear', async () => {
      await register({ slug: 'hidden', secret: SECRET });
      const text = await dump();
      expect(text).toContain('hidden');
      expect(text).not.toContain(SECRET);
    });
  });

  describe('changes', () => {
    it('are refused when somebody was faster', async () => {
      const plugin = await register({ slug: 'etag' });
      const { headers } = await get(`/${plugin['id']}`);
      const call = (): Promise<Answer> => studio.call('PATCH', `/api/v1/plugins/${plugin['id']}`, { body: { description: `at ${Math.random()}` }, headers: { 'if-match': String(headers['etag']) } });
      expect((await call()).status).toBe(200);
      expect((await call()).status).toBe(412);
    });

    it('each leave an audit row', async () => {
      const { id } = await register({ slug: 'audited' });
      await patch(id, { description: 'changed' });
      await post(`/${id}/reload`);
      await post(`/${id}/approve-scopes`, { scopes: ['apps.read'] });
      await studio.call('DELETE', `/api/v1/plugins/${id}`);
      const { body } = await studio.call('GET', `/api/v1/audit?target_type=plugin&target_id=${id}`);
      expect(body.data.map((row: { action: string }) => row.action)).toEqual(['plugin.delete', 'plugin.approve_scopes', 'plugin.reload', 'plugin.update', 'plugin.create']);
      expect(body.data[3].changes).toEqual({ description: 'changed' });
    });

    it('approve what the manifest declares, and nothing else', async () => {
      const { id } = await register({ slug: 'scopes' });
      const answer = await post(`/${id}/approve-scopes`, { scopes: ['kv.readwrite', 'llms.write'] });
      expect(answer).toMatchObject({ status: 400, body: { code: 'plugins.scopesNotDeclared' } });
      expect(pointers(answer)).toEqual(['/scopes/1']);
      const approved = await post(`/${id}/approve-scopes`, { scopes: ['kv.readwrite'] });
      expect(approved.body.data.scopes).toMatchObject({ approved: ['kv.readwrite'], effective: ['kv.readwrite'], pending: ['plugins.config', 'apps.read'] });
    });

    it('take a revision of every namespace that they reach', async () => {
      const revisions = async (): Promise<Record<string, number>> => {
        const rows: { namespace: string; revision: string }[] = await studio.app.get(DataSource).query('SELECT namespace, revision FROM snapshot_namespaces');
        return Object.fromEntries(rows.map((row) => [row.namespace, Number(row.revision)]));
      };
      const { id } = await register({ slug: 'moves' }, { namespace: 'here' });
      const before = await revisions();
      await patch(id, { namespace: 'there' });
      const moved = await revisions();
      expect(moved['here']).toBe(before['here']! + 1);
      expect(moved['there']).toBe(1);
      expect(moved['']).toBe(before['']);
      await patch(id, { namespace: '' });
      const everywhere = await revisions();
      expect(everywhere['here']).toBe(moved['here']! + 1);
      expect(everywhere['']).toBe(moved['']! + 1);
    });
  });

  describe('inside the studio', () => {
    let id: number;
    beforeAll(async () => {
      id = (await register({ slug: 'inside', content: 'one' }))['id'];
      await post(`/${id}/approve-scopes`, { scopes: ['plugins.config', 'kv.readwrite', 'apps.read'] });
      await waitFor(async () => (await get(`/${id}/status`)).body.data.studio?.state === 'ready', { timeoutMs: 30_000 });
    });

    it('runs, and its status says so', async () => {
      expect((await get(`/${id}/status`)).body.data).toMatchObject({ plugin_id: id, is_active: true, studio: { state: 'ready', reason: '', last_exit: null }, gateways: [] });
    });

    it('serves the assets that its manifest lists, and no others', async () => {
      const asset = await get(`/${id}/assets/ui/echo.js`);
      expect(asset).toMatchObject({ status: 200, headers: { 'x-content-type-options': 'nosniff', 'content-type': expect.stringContaining('javascript') } });
      expect(asset.body).toContain('sluice-echo');
      for (const path of ['ui/other.js', '../package.json', 'ui/%2e%2e/plugin.manifest.json', 'plugin.manifest.json']) expect((await get(`/${id}/assets/${path}`)).status).toBe(404);
    });

    it('changes its own config through the Service API, with an audit row in its name', async () => {
      const answer = await post(`/${id}/rpc/save_content`, { content: 'written by its own page' });
      expect(answer.status).toBe(200);
      expect((await get(`/${id}`)).body.data.config).toMatchObject({ slug: 'inside', content: 'written by its own page' });
      const { body } = await studio.call('GET', `/api/v1/audit?target_type=plugin&target_id=${id}`);
      expect(body.data[0]).toMatchObject({ action: 'plugin.update', actor: { kind: 'plugin', id } });
    });

    it('passes on what the plugin says about a call that it does not like', async () => {
      const answer = await post(`/${id}/rpc/no_such_method`, {});
      expect(answer).toMatchObject({ status: 502, body: { code: 'plugin.callFailed' } });
    });

    it('shows an unusable start with its reason, and leaves other plugins alone', async () => {
      const manifest = { id: 'com.example.breaks', name: 'Breaks', version: '1.0.0', capabilities: { hooks: ['custom_endpoint', 'studio_ui'] } };
      files.write('plugin.manifest.json', JSON.stringify(manifest));
      const script = `const fs = require('node:fs'); if (fs.existsSync(__filename + '.broken')) { console.error('gone wrong'); process.exit(7); } require(${JSON.stringify(ECHO_PLUGIN.slice('file://'.length))});`;
      const command = files.write('breaks.js', script);
      const broken = await register({ slug: 'breaks' }, { command });
      await waitFor(async () => (await get(`/${broken['id']}/status`)).body.data.studio?.state === 'ready', { timeoutMs: 30_000 });
      files.write('breaks.js.broken', '');
      await post(`/${broken['id']}/reload`);
      const status = await waitFor(
        async () => {
          const { studio: state } = (await get(`/${broken['id']}/status`)).body.data;
          return state.reload_failed !== null && state;
        },
        { timeoutMs: 30_000 },
      );
      expect(status).toMatchObject({ state: 'ready', reload_failed: expect.stringContaining('7') });
      expect((await get(`/${id}/status`)).body.data.studio.state).toBe('ready');
      expect(await post(`/${broken['id']}/validate-and-load`)).toMatchObject({ status: 400, body: { code: 'plugins.unreadable' } });
    });

    it('stops when it is deactivated', async () => {
      await patch(id, { is_active: false });
      await waitFor(async () => (await get(`/${id}/status`)).body.data.studio === null, { timeoutMs: 15_000 });
      expect(await post(`/${id}/rpc/get_content`, {})).toMatchObject({ status: 503, body: { code: 'plugin.notLoaded' } });
    });
  });
});
