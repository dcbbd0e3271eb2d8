import { deriveEdgeKeys, hashToken } from '@sluice/config-snapshot';
import { DataSource } from 'typeorm';
import { TestStudio, type Answer, type Json } from '../../testing/test-studio';

describe('apps', () => {
  let studio: TestStudio;
  beforeAll(async () => {
    studio = await TestStudio.start();
  });
  afterAll(() => studio.close());

  const create = (body: object): Promise<Answer> => studio.call('POST', '/api/v1/apps', { body });
  const sql = (text: string, parameters: unknown[] = []): Promise<Json[]> => studio.app.get(DataSource).query(text, parameters);
  const revisionOf = async (namespace: string): Promise<number> => Number((await sql('SELECT revision FROM snapshot_namespaces WHERE namespace = $1', [namespace]))[0]?.revision ?? 0);

  it('are made with defaults, and belong to whoever made them', async () => {
    const answer = await create({ name: 'Shop' });
    expect(answer.status).toBe(201);
    expect(answer.headers.etag).toBe('"1"');
    expect(answer.body.data).toMatchObject({
      organization_id: 1,
      name: 'Shop',
      description: '',
      owner: { email: 'admin@example.com' },
      is_active: true,
      monthly_budget: null,
      rate_limit: 0,
      metadata: {},
      namespace: '',
      version: 1,
    });
    expect((await studio.call('GET', `/api/v1/apps/${answer.body.data.id}`)).body).toEqual(answer.body);
  });

  it('keep everything that they were given', async () => {
    const body = { name: 'Full', description: 'd', is_active: false, monthly_budget: 12.5, rate_limit: 60, metadata: { tier: 'gold', 'ключ': 'значение' }, namespace: 'eu-west' };
    const { id } = (await create(body)).body.data;
    expect((await studio.call('GET', `/api/v1/apps/${id}`)).body.data).toMatchObject(body);
  });

  it.each<[string, object, string[]]>([
    ['no name', {}, ['/name']],
    ['a blank name', { name: '  ' }, ['/name']],
    ['a name of the wrong type', { name: 7 }, ['/name']],
    ['an unknown member', { name: 'x', naem: 'y' }, ['/naem']],
    ['a member with a slash', { name: 'x', 'a/b': 1 }, ['/a~1b']],
    ['a negative budget', { name: 'x', monthly_budget: -1 }, ['/monthly_budget']],
    ['a fractional rate limit', { name: 'x', rate_limit: 1.5 }, ['/rate_limit']],
    ['metadata that is not text', { name: 'x', metadata: { a: 1, b: 'ok', c: null } }, ['/metadata/a', '/metadata/c']],
    ['a namespace that is none', { name: 'x', namespace: 'EU West' }, ['/namespace']],
    ['an owner that does not exist', { name: 'x', owner_id: 9999 }, ['/owner_id']],
    ['several faults', { name: '', is_active: 'yes', rate_limit: -1 }, ['/is_active', '/name', '/rate_limit']],
  ])('are refused with %s, and the member is named', async (_, body, pointers) => {
    const answer = await create(body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer).sort()).toEqual(pointers);
    for (const error of answer.body.errors) expect(error.detail).toMatch(/\w.*/);
  });

  it.each(['null', '[]', '"text"', '7'])('are refused as %s', async (rawBody) => {
    const answer = await studio.call('POST', '/api/v1/apps', { rawBody });
    expect(answer).toMatchObject({ status: 400, body: { code: 'http.invalidRequest', errors: [{ pointer: '' }] } });
  });

  describe('updates', () => {
    it('change what they name and leave the rest', async () => {
      const { id } = (await create({ name: 'Before', description: 'stays', metadata: { a: '1', b: '2' } })).body.data;
      const answer = await studio.call('PATCH', `/api/v1/apps/${id}`, { body: { name: 'After', metadata: { a: '3' }, monthly_budget: 5 } });
      expect(answer.status).toBe(200);
      expect(answer.headers.etag).toBe('"2"');
      expect(answer.body.data).toMatchObject({ name: 'After', description: 'stays', metadata: { a: '3' }, monthly_budget: 5, version: 2 });
      expect(answer.body.data.metadata).toEqual({ a: '3' });
      expect((await studio.call('PATCH', `/api/v1/apps/${id}`, { body: { monthly_budget: null } })).body.data.monthly_budget).toBeNull();
    });

    it('refuse to overwrite what someone else changed', async () => {
      const { id } = (await create({ name: 'Shared' })).body.data;
      const patch = (name: string, etag: string) => studio.call('PATCH', `/api/v1/apps/${id}`, { body: { name }, headers: { 'if-match': etag } });
      expect((await patch('first', '"1"')).status).toBe(200);
      expect(await patch('second', '"1"')).toMatchObject({ status: 412, body: { code: 'http.preconditionFailed' } });
      expect((await patch('weak', 'W/"2"')).status).toBe(412);
      expect((await patch('third', '"1", "2"')).status).toBe(200);
      expect((await studio.call('DELETE', `/api/v1/apps/${id}`, { headers: { 'if-match': '"2"' } })).status).toBe(412);
      expect((await studio.call('DELETE', `/api/v1/apps/${id}`, { headers: { 'if-match': '"3"' } })).status).toBe(204);
    });

    it('let one of many at the same moment win', async () => {
      const { id } = (await create({ name: 'Contended' })).body.data;
      const attempts = Array.from({ length: 8 }, (_, index) => studio.call('PATCH', `/api/v1/apps/${id}`, { body: { name: `winner ${index}` }, headers: { 'if-match': '"1"' } }));
      const statuses = (await Promise.all(attempts)).map((answer) => answer.status);
      expect(statuses.filter((status) => status === 200)).toHaveLength(1);
      expect(statuses.filter((status) => status === 412)).toHaveLength(7);
    });

    it('that change nothing write nothing', async () => {
      const { id } = (await create({ name: 'Same', metadata: { a: '1', b: '2' } })).body.data;
      const before = await revisionOf('');
      const answer = await studio.call('PATCH', `/api/v1/apps/${id}`, { body: { name: 'Same', metadata: { b: '2', a: '1' } } });
      expect(answer.body.data.version).toBe(1);
      expect(await revisionOf('')).toBe(before);
    });
  });

  describe('lists', () => {
    it('come in pages that miss nothing and repeat nothing', async () => {
      for (let index = 0; index < 7; index++) await create({ name: `Paged ${index}`, namespace: 'paged' });
      const names: string[] = [];
      let cursor: string | null = null;
      do {
        const answer: Answer = await studio.call('GET', `/api/v1/apps?namespace=paged&limit=3${cursor ? `&cursor=${cursor}` : ''}`);
        names.push(...answer.body.data.map((app: { name: string }) => app.name));
        cursor = answer.body.meta.next_cursor;
      } while (cursor);
      expect(names).toEqual(Array.from({ length: 7 }, (_, index) => `Paged ${index}`));
    });

    it.each([
      ['limit=0', '/limit'],
      ['limit=201', '/limit'],
      ['limit=many', '/limit'],
      ['cursor=nonsense', '/cursor'],
      ['is_active=perhaps', '/is_active'],
      ['colour=red', '/colour'],
    ])('refuse ?%s', async (query, pointer) => {
      const answer = await studio.call('GET', `/api/v1/apps?${query}`);
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
    });
  });

  it.each(['0', '-1', '1.5', 'abc', '4294967296', '999999'])('that do not exist, such as %s, are not found', async (id) => {
    for (const method of ['GET', 'DELETE']) expect((await studio.call(method, `/api/v1/apps/${id}`)).status).toBe(404);
  });

  it('take a revision of each namespace that they leave or enter', async () => {
    const { id } = (await create({ name: 'Mover', namespace: 'north' })).body.data;
    const [north, all] = [await revisionOf('north'), await revisionOf('')];
    expect(north).toBeGreaterThan(0);
    await studio.call('PATCH', `/api/v1/apps/${id}`, { body: { namespace: 'south' } });
    expect(await revisionOf('north')).toBe(north + 1);
    expect(await revisionOf('south')).toBeGreaterThan(0);
    expect(await revisionOf('')).toBe(all);
  });

  it('leave an audit row for each write, and none for a refused one', async () => {
    const { id } = (await create({ name: 'Audited', description: 'x' })).body.data;
    await studio.call('PATCH', `/api/v1/apps/${id}`, { body: { rate_limit: 5 } });
    await studio.call('PATCH', `/api/v1/apps/${id}`, { body: { owner_id: 9999 } });
    await studio.call('DELETE', `/api/v1/apps/${id}`);
    const answer = await studio.call('GET', `/api/v1/audit?target_type=app&target_id=${id}`);
    expect(answer.body.data.map((row: { action: string }) => row.action)).toEqual(['app.delete', 'app.update', 'app.create']);
    expect(answer.body.data[1]).toMatchObject({ actor: { kind: 'user', name: 'admin@example.com' }, changes: { rate_limit: 5 } });
  });

  describe('tokens', () => {
    let appId: number;
    beforeAll(async () => {
      appId = (await create({ name: 'With tokens' })).body.data.id;
    });
    const make = (body: object) => studio.call('POST', `/api/v1/apps/${appId}/tokens`, { body });

    it('are shown once and stored as their keyed hash', async () => {
      const answer = await make({ name: 'ci', scopes: ['read', 'write', 'read'] });
      expect(answer.status).toBe(201);
      const { token, ...shown } = answer.body.data;
      expect(token).toMatch(/^slc_app_[0-9A-Za-z]{28}_[0-9A-Za-z]{6}$/);
      expect(shown).toMatchObject({ app_id: appId, name: 'ci', scopes: ['read', 'write'], prefix: token.slice(0, 12), last_four: token.slice(-4), expires_at: null, revoked_at: null });
      const [row] = await sql('SELECT * FROM app_tokens WHERE id = $1', [shown.id]);
      expect(row.hash).toBe(hashToken(deriveEdgeKeys(studio.config.edge.sharedKey).tokenHashKey, token));
      const everything = JSON.stringify([
        row,
        await sql('SELECT * FROM audit_entries'),
        (await studio.call('GET', `/api/v1/apps/${appId}/tokens`)).body,
        (await studio.call('GET', `/api/v1/apps/${appId}`)).body,
      ]);
      expect(everything).not.toContain(token);
      expect(everything).not.toContain(token.slice(12, -4));
    });

    it('are revoked once, with a revision', async () => {
      const { id } = (await make({ name: 'revoked' })).body.data;
      const before = await revisionOf('');
      expect((await studio.call('DELETE', `/api/v1/apps/${appId}/tokens/${id}`)).status).toBe(204);
      expect(await revisionOf('')).toBe(before + 1);
      expect((await studio.call('DELETE', `/api/v1/apps/${appId}/tokens/${id}`)).status).toBe(404);
      const list = await studio.call('GET', `/api/v1/apps/${appId}/tokens`);
      expect(list.body.data.find((row: { id: number }) => row.id === id).revoked_at).not.toBeNull();
    });

    it('belong to one app', async () => {
      const other = (await create({ name: 'Other' })).body.data.id;
      const { id } = (await make({ name: 'mine' })).body.data;
      expect((await studio.call('DELETE', `/api/v1/apps/${other}/tokens/${id}`)).status).toBe(404);
      expect((await studio.call('POST', '/api/v1/apps/99999/tokens', { body: { name: 'x' } })).status).toBe(404);
    });

    it('are refused with what is wrong, member by member', async () => {
      const answer = await make({ name: '', scopes: ['ok', 'not ok'], expires_at: 'tomorrow' });
      expect(answer.body.errors.map((error: { pointer: string }) => error.pointer).sort()).toEqual(['/expires_at', '/name', '/scopes/1']);
      expect((await make({ name: 'x', expires_at: '2001-01-01T00:00:00Z' })).body.errors).toMatchObject([{ pointer: '/expires_at' }]);
    });

    it('go with their app', async () => {
      const { id } = (await create({ name: 'Short-lived' })).body.data;
      await studio.call('POST', `/api/v1/apps/${id}/tokens`, { body: { name: 'x' } });
      expect((await studio.call('DELETE', `/api/v1/apps/${id}`)).status).toBe(204);
      expect(await sql('SELECT id FROM app_tokens WHERE app_id = $1', [id])).toEqual([]);
    });
  });
});
