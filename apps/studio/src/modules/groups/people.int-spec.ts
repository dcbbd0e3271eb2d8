import { DataSource } from 'typeorm';
import { TestStudio, type Answer } from '../../testing/test-studio';

const PASSWORD = 'long enough to pass';

describe('people', () => {
  let studio: TestStudio;
  beforeAll(async () => {
    studio = await TestStudio.start();
  });
  afterAll(() => studio.close());

  let emails = 0;
  const addUser = async (body: object = {}): Promise<{ id: number; email: string }> => {
    const answer = await studio.call('POST', '/api/v1/users', { body: { email: `person${++emails}@example.com`, password: PASSWORD, ...body } });
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
    return answer.body.data;
  };
  const pointersOf = (answer: Answer): string[] => answer.body.errors.map((error: { pointer: string }) => error.pointer).sort();

  describe('users', () => {
    it('are made, read, changed and deleted, and never show a password or its hash', async () => {
      const made = await studio.call('POST', '/api/v1/users', { body: { email: 'Ann@Example.com', name: 'Ann', password: PASSWORD } });
      expect(made.body.data).toMatchObject({ email: 'ann@example.com', name: 'Ann', is_admin: false, is_active: true, version: 1 });
      const path = `/api/v1/users/${made.body.data.id}`;
      expect((await studio.call('GET', path)).body).toEqual(made.body);
      expect((await studio.call('GET', '/api/v1/users?email=ANN@example.com')).body.data).toEqual([made.body.data]);
      const changed = await studio.call('PATCH', path, { body: { name: 'Ann B.', password: 'another long password' }, headers: { 'if-match': '"1"' } });
      expect(changed).toMatchObject({ status: 200, headers: { etag: '"2"' }, body: { data: { name: 'Ann B.' } } });
      expect((await studio.call('PATCH', path, { body: { name: 'late' }, headers: { 'if-match': '"1"' } })).status).toBe(412);
      expect((await studio.call('DELETE', path)).status).toBe(204);
      expect((await studio.call('GET', path)).status).toBe(404);
      const trail = await studio.call('GET', `/api/v1/audit?target_type=user&target_id=${made.body.data.id}`);
      expect(trail.body.data.map((row: { action: string }) => row.action)).toEqual(['user.delete', 'user.update', 'user.create']);
      expect(JSON.stringify([made.body, changed.body, trail.body])).not.toMatch(/argon2|long enough|another long/);
    });

    it('are refused with what is wrong, member by member', async () => {
      expect(pointersOf(await studio.call('POST', '/api/v1/users', { body: { email: 'nobody', password: 'short', is_admin: 1, role: 'x' } }))).toEqual(['/email', '/is_admin', '/password', '/role']);
    });

    it('have an address of their own', async () => {
      const { email } = await addUser();
      const again = await studio.call('POST', '/api/v1/users', { body: { email: email.toUpperCase(), password: PASSWORD } });
      expect(again).toMatchObject({ status: 409, body: { code: 'user.emailTaken', errors: [{ pointer: '/email' }] } });
    });

    it.each([
      ['is deactivated', { is_active: false }],
      ['gets another password', { password: 'another long password' }],
    ])('whoever %s is logged out everywhere', async (_, patch) => {
      const user = await addUser();
      const session = await studio.logIn({ email: user.email, password: PASSWORD });
      expect((await studio.call('GET', '/api/v1/me', { headers: session })).status).toBe(200);
      await studio.call('PATCH', `/api/v1/users/${user.id}`, { body: patch });
      expect((await studio.call('GET', '/api/v1/me', { headers: session })).status).toBe(401);
      expect((await studio.call('POST', '/api/v1/auth/login', { body: { email: user.email, password: PASSWORD } })).status).toBe(401);
    });

    it('keep one active administrator, even when two remove each other', async () => {
      const me = (await studio.call('GET', '/api/v1/me')).body.data.id;
      for (const call of [['DELETE'], ['PATCH', { is_admin: false }], ['PATCH', { is_active: false }]] as const) {
        expect(await studio.call(call[0], `/api/v1/users/${me}`, { body: call[1] })).toMatchObject({ status: 409, body: { code: 'user.lastAdministrator' } });
      }
      const [one, other] = [await addUser({ is_admin: true }), await addUser({ is_admin: true })];
      const keys: Record<string, string>[] = [];
      for (const user of [one, other]) keys.push(await studio.logIn({ email: user.email, password: PASSWORD }));
      expect((await studio.call('PATCH', `/api/v1/users/${me}`, { body: { is_admin: false }, headers: keys[0] })).status).toBe(200);
      const answers = await Promise.all([
        studio.call('PATCH', `/api/v1/users/${one.id}`, { body: { is_admin: false }, headers: keys[1] }),
        studio.call('PATCH', `/api/v1/users/${other.id}`, { body: { is_admin: false }, headers: keys[0] }),
      ]);
      const statuses = answers.map((answer) => answer.status).sort();
      expect(statuses[0]).toBe(200);
      // Refused as the last one, or because it was none any more when it asked.
      expect([403, 409]).toContain(statuses[1]);
      const left = answers[0]!.status === 200 ? keys[1]! : keys[0]!;
      expect((await studio.call('PATCH', `/api/v1/users/${me}`, { body: { is_admin: true }, headers: left })).status).toBe(200);
    });

    it('who own apps stay, and their new address reaches the gateways', async () => {
      const user = await addUser();
      const app = await studio.call('POST', '/api/v1/apps', { body: { name: 'Owned', owner_id: user.id, namespace: 'owned' } });
      expect(await studio.call('DELETE', `/api/v1/users/${user.id}`)).toMatchObject({ status: 409, body: { code: 'user.ownsApps' } });
      const revision = async (): Promise<number> => Number((await studio.app.get(DataSource).query(`SELECT revision FROM snapshot_namespaces WHERE namespace = 'owned'`))[0].revision);
      const before = await revision();
      await studio.call('PATCH', `/api/v1/users/${user.id}`, { body: { name: 'Renamed' } });
      expect(await revision()).toBe(before);
      await studio.call('PATCH', `/api/v1/users/${user.id}`, { body: { email: 'renamed@example.com' } });
      expect(await revision()).toBe(before + 1);
      expect((await studio.call('GET', `/api/v1/apps/${app.body.data.id}`)).body.data.owner).toEqual({ id: user.id, email: 'renamed@example.com' });
    });
  });

  describe('groups', () => {
    it('have members, each once', async () => {
      const group = (await studio.call('POST', '/api/v1/groups', { body: { name: 'Engineering' } })).body.data;
      const path = `/api/v1/groups/${group.id}/members`;
      const [one, other] = [await addUser(), await addUser()];
      for (const user of [one, other, one]) expect((await studio.call('PUT', `${path}/${user.id}`)).status).toBe(204);
      const first = await studio.call('GET', `${path}?limit=1`);
      expect(first.body.data).toMatchObject([{ user_id: one.id, email: one.email }]);
      const second = await studio.call('GET', `${path}?limit=1&cursor=${first.body.meta.next_cursor}`);
      expect(second.body).toMatchObject({ data: [{ user_id: other.id }], meta: { next_cursor: null } });
      expect((await studio.call('DELETE', `${path}/${one.id}`)).status).toBe(204);
      expect(await studio.call('DELETE', `${path}/${one.id}`)).toMatchObject({ status: 404, body: { code: 'group.notAMember' } });
      expect(await studio.call('PUT', `${path}/99999`)).toMatchObject({ status: 404, body: { code: 'group.userNotFound' } });
      const trail = await studio.call('GET', `/api/v1/audit?target_type=group&target_id=${group.id}`);
      expect(trail.body.data.map((row: { action: string }) => row.action)).toEqual(['group.remove_member', 'group.add_member', 'group.add_member', 'group.create']);
    });

    it('have a name of their own, and change with If-Match', async () => {
      const { id } = (await studio.call('POST', '/api/v1/groups', { body: { name: 'Sales' } })).body.data;
      expect(await studio.call('POST', '/api/v1/groups', { body: { name: 'Sales' } })).toMatchObject({ status: 409, body: { code: 'group.nameTaken' } });
      expect((await studio.call('PATCH', `/api/v1/groups/${id}`, { body: { description: 'sell' }, headers: { 'if-match': '"7"' } })).status).toBe(412);
      expect(await studio.call('PATCH', `/api/v1/groups/${id}`, { body: { description: 'sell' }, headers: { 'if-match': '"1"' } })).toMatchObject({ status: 200, headers: { etag: '"2"' } });
      expect((await studio.call('DELETE', `/api/v1/groups/${id}`)).status).toBe(204);
    });
  });

  it('belong to the one organization that there is', async () => {
    const list = await studio.call('GET', '/api/v1/organizations');
    expect(list.body).toMatchObject({ data: [{ id: 1, name: 'Default' }], meta: { next_cursor: null } });
    const renamed = await studio.call('PATCH', '/api/v1/organizations/1', { body: { name: 'Acme' }, headers: { 'if-match': '"1"' } });
    expect(renamed).toMatchObject({ status: 200, headers: { etag: '"2"' }, body: { data: { name: 'Acme' } } });
    expect((await studio.call('GET', '/api/v1/organizations/2')).status).toBe(404);
    expect(pointersOf(await studio.call('PATCH', '/api/v1/organizations/1', { body: { name: '' } }))).toEqual(['/name']);
  });
});
