import { waitFor } from '@sluice/testing';
import { Client } from 'pg';
import { ECHO_PLUGIN } from '../../testing/plugin-files';
import { TestStudio } from '../../testing/test-studio';
import { SYSTEM_EVENTS_CHANNEL, type SystemNotice } from './system-events';

const PASSWORD = 'planted password';

jest.setTimeout(60_000);

describe('system events', () => {
  let studio: TestStudio;
  let listener: Client;
  const notices: SystemNotice[] = [];

  beforeAll(async () => {
    studio = await TestStudio.start();
    listener = new Client({ connectionString: studio.config.databaseUrl });
    await listener.connect();
    listener.on('notification', ({ payload }) => notices.push(JSON.parse(payload!) as SystemNotice));
    await listener.query(`LISTEN ${SYSTEM_EVENTS_CHANNEL}`);
  });
  afterEach(() => notices.splice(0));
  afterAll(async () => {
    await listener?.end();
    await studio?.close();
  });

  async function call(status: number, method: string, path: string, body?: object): Promise<number> {
    const answer = await studio.call(method, `/api/v1/${path}`, { body });
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status });
    return answer.body?.data?.id;
  }

  /** The events of this test so far, in their order; a mark tells that there are no more. */
  async function told(): Promise<[topic: string, name: string, namespaces: readonly string[]][]> {
    const mark = JSON.stringify({ id: 'mark', topic: 'mark', payload: { name: '' }, namespaces: [] });
    await listener.query(`SELECT pg_notify($1, $2)`, [SYSTEM_EVENTS_CHANNEL, mark]);
    await waitFor(() => notices.at(-1)?.topic === 'mark', { message: 'the mark arrives' });
    return notices.filter(({ topic }) => topic !== 'mark').map(({ topic, payload, namespaces }) => [topic, payload.name, namespaces]);
  }

  it('tell of apps to the gateways that have them, and of an app that moves to both', async () => {
    const id = await call(201, 'POST', 'apps', { name: 'A', description: 'd', namespace: 'eu', metadata: { key: 'planted' } });
    await call(200, 'PATCH', `apps/${id}`, { name: 'B', namespace: 'us' });
    await call(204, 'DELETE', `apps/${id}`);
    expect(await told()).toEqual([
      ['system.app.created', 'A', ['eu']],
      ['system.app.updated', 'B', ['eu', 'us']],
      ['system.app.deleted', 'B', ['us']],
    ]);
  });

  it('tell of users and groups to nobody but the studio', async () => {
    const user = await call(201, 'POST', 'users', { email: 'planted@example.com', name: 'Ann', password: PASSWORD });
    const group = await call(201, 'POST', 'groups', { name: 'G' });
    await call(204, 'PUT', `groups/${group}/members/${user}`);
    await call(200, 'PATCH', `users/${user}`, { password: 'another planted password' });
    await call(200, 'PATCH', `groups/${group}`, { name: 'H' });
    await call(204, 'DELETE', `users/${user}`);
    await call(204, 'DELETE', `groups/${group}`);
    expect(await told()).toEqual([
      ['system.user.created', 'Ann', []],
      ['system.group.created', 'G', []],
      ['system.group.updated', 'G', []],
      ['system.user.updated', 'Ann', []],
      ['system.group.updated', 'H', []],
      ['system.user.deleted', 'Ann', []],
      ['system.group.deleted', 'H', []],
    ]);
  });

  it('tell of plugins', async () => {
    const id = await call(201, 'POST', 'plugins', { name: 'P', command: ECHO_PLUGIN, namespace: 'eu', config: { slug: 'p', secret: 'planted' }, is_active: false });
    await call(200, 'PATCH', `plugins/${id}`, { name: 'Q', config: { slug: 'p', secret: 'planted again' } });
    await call(204, 'DELETE', `plugins/${id}`);
    expect(await told()).toEqual([
      ['system.plugin.created', 'P', ['eu']],
      ['system.plugin.updated', 'Q', ['eu']],
      ['system.plugin.deleted', 'Q', ['eu']],
    ]);
  });

  it('have nothing in them but ids and names', async () => {
    const id = await call(201, 'POST', 'apps', { name: 'C', description: 'planted', metadata: { key: 'planted' } });
    await call(201, 'POST', 'users', { email: 'planted2@example.com', password: PASSWORD });
    await call(201, 'POST', 'plugins', { name: 'R', command: ECHO_PLUGIN, config: { slug: 'r', secret: 'planted' }, is_active: false });
    await told();
    expect(notices[0]!.payload).toEqual({ id, name: 'C', organization_id: 1 });
    expect(JSON.stringify(notices)).not.toMatch(/planted|argon2|hash/);
    expect(new Set(notices.map((notice) => notice.id)).size).toBe(notices.length);
  });

  it('tell of nothing that was refused or changed nothing', async () => {
    const id = await call(201, 'POST', 'groups', { name: 'same' });
    await call(409, 'POST', 'groups', { name: 'same' });
    await call(200, 'PATCH', `groups/${id}`, { name: 'same' });
    await call(400, 'POST', 'apps', { name: 'D', description: 'd', owner_id: 999_999 });
    expect(await told()).toEqual([['system.group.created', 'same', []]]);
  });

  it('fit into a notification with the longest name there is', async () => {
    await call(201, 'POST', 'groups', { name: '\u{1F600}'.repeat(100) });
    await call(201, 'POST', 'groups', { name: '\u0001'.repeat(198) + 'ab' });
    expect(await told()).toHaveLength(2);
  });
});
