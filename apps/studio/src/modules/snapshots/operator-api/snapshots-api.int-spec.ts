import { DataSource } from 'typeorm';
import { ECHO_PLUGIN } from '../../../testing/plugin-files';
import { TestStudio, type Answer, type Json } from '../../../testing/test-studio';
import { RevisionBuilder } from '../building/revision-builder';

jest.setTimeout(60_000);

describe('the API of snapshots', () => {
  let studio: TestStudio;
  beforeEach(async () => {
    studio = await TestStudio.start({ environment: { STUDIO_ROLE: 'api' } });
  });
  afterEach(() => studio?.close());

  const build = async (namespace = ''): Promise<number> => (await studio.app.get(RevisionBuilder).current(namespace)).revision;
  const sql = <T = Record<string, unknown>>(text: string, values?: unknown[]): Promise<T[]> => studio.app.get(DataSource).query(text, values);

  async function call(status: number, method: string, path: string, body?: object): Promise<Json> {
    const answer: Answer = await studio.call(method, `/api/v1/${path}`, { body });
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status });
    return answer.body?.data;
  }
  const makeApp = async (name: string, more: object = {}): Promise<number> => (await call(201, 'POST', 'apps', { name, ...more })).id;
  const makeToken = async (app: number): Promise<number> => (await call(201, 'POST', `apps/${app}/tokens`, { name: 't', scopes: [] })).id;
  const makePlugin = async (slug: string, more: object = {}): Promise<number> => (await call(201, 'POST', 'plugins', { name: `Plugin ${slug}`, command: ECHO_PLUGIN, config: { slug, secret: 'very secret' }, ...more })).id;

  it('lists revisions, newest first, a page at a time', async () => {
    const revisions: number[] = [await build()];
    for (const name of ['a', 'b', 'c']) {
      await makeApp(name);
      revisions.unshift(await build());
    }
    const first = await studio.call('GET', '/api/v1/snapshots?limit=2');
    const second = await studio.call('GET', `/api/v1/snapshots?limit=2&cursor=${first.body.meta.next_cursor}`);
    expect([...first.body.data, ...second.body.data].map((snapshot: Json) => snapshot.revision)).toEqual(revisions);
    expect(second.body.meta.next_cursor).toBeNull();
    expect(first.body.data[0]).toMatchObject({ namespace: '', parent: revisions[1], format: 2, upserts: 1, deletes: 0, records: 3 });
    expect((await studio.call('GET', '/api/v1/snapshots?namespace=nowhere')).body.data).toEqual([]);
  });

  it('reads one, with an ETag and its records by kind', async () => {
    const app = await makeApp('a');
    await makeToken(app);
    const revision = await build();
    const answer = await studio.call('GET', `/api/v1/snapshots/${revision}`);
    expect(answer.body.data).toMatchObject({ revision, kinds: { app: 1, token: 1 }, is_newest: true });
    expect(answer.headers['etag']).toBe(`"${answer.body.data.epoch}.${revision}.${answer.body.data.root}"`);
    const missing = await studio.call('GET', `/api/v1/snapshots/${revision + 5}`);
    expect(missing).toMatchObject({ status: 404, body: { code: 'snapshots.unknownRevision', detail: `There is no snapshot of revision ${revision + 5}; the one before it is ${revision}.` } });
  });

  it('compares two, either way, without a secret or a hash', async () => {
    const [kept, gone] = [await makeApp('kept'), await makeApp('gone')];
    const token = await makeToken(kept);
    const plugin = await makePlugin('diff');
    const from = await build();
    await call(200, 'PATCH', `apps/${kept}`, { metadata: { team: 'x' }, rate_limit: 5 });
    await call(204, 'DELETE', `apps/${gone}`);
    await call(204, 'DELETE', `apps/${kept}/tokens/${token}`);
    await build();
    const come = await makeApp('come');
    await call(200, 'PATCH', `plugins/${plugin}`, { config: { slug: 'diff', secret: 'another secret' } });
    const to = await build();
    const { body } = await studio.call('GET', `/api/v1/snapshots/diff?from=${from}&to=${to}`);
    const summary = (items: Json[]): unknown[] => items.map(({ kind, id, change }) => [kind, Number(id), change]);
    expect(summary(body.data)).toEqual([
      ['app', kept, 'changed'],
      ['app', gone, 'removed'],
      ['app', come, 'added'],
      ['plugin', plugin, 'changed'],
      ['token', token, 'removed'],
    ]);
    expect(body.data[0]).toMatchObject({ name: 'kept', before: { rate_limit: 0 }, after: { rate_limit: 5, metadata: { team: 'x' } }, pointers: expect.arrayContaining(['/metadata/team', '/rate_limit']) });
    expect(JSON.stringify(body)).not.toMatch(/\$sealed":"|"hash"|secret":"/);
    const back = await studio.call('GET', `/api/v1/snapshots/diff?from=${to}&to=${from}`);
    expect(summary(back.body.data).map((item) => (item as string[])[2])).toEqual(['changed', 'added', 'removed', 'changed', 'added']);
    const pages: Json[] = [];
    for (let cursor = ''; cursor !== 'null'; ) {
      const page = (await studio.call('GET', `/api/v1/snapshots/diff?from=${from}&to=${to}&limit=2${cursor && `&cursor=${cursor}`}`)).body;
      pages.push(...page.data);
      cursor = String(page.meta.next_cursor);
    }
    expect(pages).toEqual(body.data);
    expect((await studio.call('GET', `/api/v1/snapshots/diff?from=${to}&to=${to}`)).body.data).toEqual([]);
    expect((await studio.call('GET', `/api/v1/snapshots/diff?from=${from}&to=999999`)).status).toBe(404);
    expect((await studio.call('GET', `/api/v1/snapshots/diff?from=${from}&to=${to}&cursor=nonsense`)).status).toBe(400);
  });

  it('restores one as a new revision: what was changed, deleted, made or switched off since', async () => {
    const [changed, deleted, asleep] = [await makeApp('changed', { metadata: { a: '1' } }), await makeApp('deleted'), await makeApp('asleep')];
    const [kept, revoked] = [await makeToken(changed), await makeToken(changed)];
    const lost = await makeToken(deleted);
    const plugin = await makePlugin('restored');
    const revision = await build();

    await call(200, 'PATCH', `apps/${changed}`, { name: 'other', metadata: {} });
    await call(204, 'DELETE', `apps/${deleted}`);
    await call(200, 'PATCH', `apps/${asleep}`, { is_active: false });
    await call(204, 'DELETE', `apps/${changed}/tokens/${revoked}`);
    const since = await makeApp('since');
    const newer = await makeToken(changed);
    await call(204, 'DELETE', `plugins/${plugin}`);
    const successor = await makePlugin('restored');
    const before = await build();

    const restored = await call(200, 'POST', `snapshots/${revision}/restore`, {});
    expect(restored.revision).toBeGreaterThan(before);
    expect(await call(200, 'GET', `apps/${changed}`)).toMatchObject({ name: 'changed', metadata: { a: '1' } });
    expect(await call(200, 'GET', `apps/${deleted}`)).toMatchObject({ name: 'deleted', is_active: true });
    expect(await call(200, 'GET', `apps/${asleep}`)).toMatchObject({ is_active: true });
    expect(await call(200, 'GET', `apps/${since}`)).toMatchObject({ is_active: false });
    expect(await call(200, 'GET', `plugins/${plugin}`)).toMatchObject({ slug: 'restored', is_active: true, config: { slug: 'restored', secret: { set: true } } });
    expect(await call(200, 'GET', `plugins/${successor}`)).toMatchObject({ is_active: false });

    const { body } = await studio.call('GET', `/api/v1/snapshots/diff?from=${revision}&to=${restored.revision}`);
    const differing = body.data.filter((item: Json) => item.kind !== 'token');
    for (const item of differing) expect(item.pointers).toEqual(['/updated_at']);
    const tokens = (await sql<{ id: string }>(`SELECT id FROM snapshot_records WHERE kind = 'token' AND to_revision IS NULL ORDER BY id::integer`)).map(({ id }) => Number(id));
    expect(tokens).toEqual([kept, newer]);
    expect(tokens).not.toContain(lost);

    const audit = (await studio.call('GET', '/api/v1/audit?limit=50')).body.data.map((entry: Json) => `${entry.action} ${entry.target_id}`);
    expect(audit).toEqual(expect.arrayContaining([`snapshot.restore default/${revision}`, `app.restore ${deleted}`, `app.restore ${since}`, `plugin.restore ${plugin}`, `plugin.restore ${successor}`]));
    // Once it is so, there is nothing to restore.
    const again = await call(200, 'POST', `snapshots/${revision}/restore`, {});
    expect(again.revision).toBe(restored.revision);
  });

  it('restores what is of the namespace alone', async () => {
    const [global, european] = [await makeApp('global'), await makeApp('european', { namespace: 'eu' })];
    const revision = await build('eu');
    await call(200, 'PATCH', `apps/${global}`, { name: 'global, changed' });
    await call(200, 'PATCH', `apps/${european}`, { name: 'european, changed' });
    await build('eu');
    await call(200, 'POST', `snapshots/${revision}/restore`, { namespace: 'eu' });
    expect(await call(200, 'GET', `apps/${global}`)).toMatchObject({ name: 'global, changed' });
    expect(await call(200, 'GET', `apps/${european}`)).toMatchObject({ name: 'european' });
  });

  it('restores all of it or nothing', async () => {
    const owner = (await call(201, 'POST', 'users', { email: 'leaving@example.com', password: 'correct horse battery' })).id;
    const [kept, orphan] = [await makeApp('kept'), await makeApp('orphan', { owner_id: owner })];
    const revision = await build();
    await call(200, 'PATCH', `apps/${kept}`, { name: 'kept, changed' });
    await call(204, 'DELETE', `apps/${orphan}`);
    await call(204, 'DELETE', `users/${owner}`);
    const before = await build();
    const refused = await studio.call('POST', `/api/v1/snapshots/${revision}/restore`, { body: {} });
    expect(refused).toMatchObject({ status: 409, body: { code: 'snapshots.notRestorable' } });
    expect(await call(200, 'GET', `apps/${kept}`)).toMatchObject({ name: 'kept, changed' });
    expect(await build()).toBe(before);
  });

  it('plans a restore without making it', async () => {
    const app = await makeApp('app');
    const plugin = await makePlugin('planned');
    const revision = await build();
    const since = await makeApp('since');
    await makeToken(since);
    await call(200, 'PATCH', `plugins/${plugin}`, { config: { slug: 'elsewhere' } });
    await call(200, 'PATCH', `apps/${app}`, { name: 'renamed' });
    const newest = await build();
    const plan = await call(200, 'POST', 'snapshots/plan', { restore: revision });
    expect(plan).toMatchObject({ revision: newest, added: 0, changed: 2, removed: 2, faults: [] });
    expect(plan.broken_apps).toEqual([{ id: since, name: 'since', reason: 'removed', tokens_removed: 1, tokens_left: 0 }]);
    expect(plan.lost_endpoints).toEqual([{ plugin_id: plugin, name: 'Plugin planned', slug: 'elsewhere' }]);
    expect(await build()).toBe(newest);
    expect(await call(200, 'GET', `apps/${since}`)).toMatchObject({ is_active: true });
    const restored = await call(200, 'POST', `snapshots/${revision}/restore`, {});
    const { body } = await studio.call('GET', `/api/v1/snapshots/diff?from=${newest}&to=${restored.revision}`);
    expect(body.data.map(({ kind, id, change }: Json) => ({ kind, id, change }))).toEqual(plan.changes.map(({ kind, id, change }: Json) => ({ kind, id, change })));
  });

  it('plans records that are named, and says why gateways would refuse them', async () => {
    const app = await makeApp('app');
    const [one, other] = [await makeToken(app), await makeToken(app)];
    const newest = await build();
    const plan = (body: object): Promise<Json> => call(200, 'POST', 'snapshots/plan', body);
    expect(await plan({ deletes: [{ kind: 'token', id: String(one) }] })).toMatchObject({ removed: 1, broken_apps: [{ id: app, reason: 'fewer_tokens', tokens_left: 1 }], faults: [] });
    const both = [one, other].map((id) => ({ kind: 'token', id: String(id) }));
    expect(await plan({ deletes: both })).toMatchObject({ removed: 2, broken_apps: [{ id: app, reason: 'no_tokens', tokens_removed: 2, tokens_left: 0 }] });
    const orphaned = await plan({ deletes: [{ kind: 'app', id: String(app) }] });
    expect(orphaned.faults).toEqual([{ pointer: '', message: expect.stringContaining(`refers to app ${app}, which is not in the snapshot`) }]);
    const data = { id: 900, app_id: 901, hash: 'a'.repeat(64), scopes: [], expires_at: null };
    expect((await plan({ upserts: [{ kind: 'token', id: '900', data }] })).faults).not.toEqual([]);
    const bad = await studio.call('POST', '/api/v1/snapshots/plan', { body: { upserts: [{ kind: 'token', id: '900', data: { ...data, hash: 'short' } }] } });
    expect(bad).toMatchObject({ status: 400, body: { errors: [{ pointer: '/upserts/0/data/hash' }] } });
    expect(await build()).toBe(newest);
    expect(await sql('SELECT FROM snapshot_records WHERE to_revision > $1', [newest])).toEqual([]);
  });

  it('needs scopes of its own', async () => {
    const revision = await build();
    const { key } = await call(201, 'POST', 'api-keys', { name: 'reader', scopes: ['snapshots.read'] });
    const headers = { authorization: `Bearer ${key}`, cookie: '' };
    expect((await studio.call('GET', '/api/v1/snapshots', { headers })).status).toBe(200);
    expect((await studio.call('POST', '/api/v1/snapshots/plan', { headers, body: { restore: revision } })).status).toBe(200);
    expect((await studio.call('POST', `/api/v1/snapshots/${revision}/restore`, { headers, body: {} })).status).toBe(403);
    const other = (await call(201, 'POST', 'api-keys', { name: 'other', scopes: ['apps.read'] })).key;
    expect((await studio.call('GET', '/api/v1/snapshots', { headers: { authorization: `Bearer ${other}`, cookie: '' } })).status).toBe(403);
  });
});
