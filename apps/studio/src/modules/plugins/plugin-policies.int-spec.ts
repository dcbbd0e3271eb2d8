import { MadePlugins } from '../../testing/made-plugins';
import { TestStudio, type Answer } from '../../testing/test-studio';

jest.setTimeout(60_000);

describe('what happens when a hook of a plugin fails', () => {
  const made = new MadePlugins();
  let studio: TestStudio;
  let id: number;
  beforeAll(async () => {
    studio = await TestStudio.start();
    const command = made.make('guard', {
      capabilities: { hooks: ['pre_auth', 'object_hooks'] },
      permissions: { object_hooks: ['app.before_create', 'app.after_create'] },
      failure_policies: { 'app.before_create': 'fail_open' },
    });
    const { status, body } = await call('POST', '', { name: 'Guard', command, is_active: false });
    expect({ status, body }).toMatchObject({ status: 201 });
    id = body.data.id;
  });
  afterAll(async () => {
    await studio.close();
    made.remove();
  });

  const call = (method: string, path: string, body?: unknown): Promise<Answer> => studio.call(method, `/api/v1/plugins${path}`, { body });
  const policies = async () => (await call('GET', `/${id}`)).body.data.hook_policies;

  it('is shown for each of them, with who decided it', async () => {
    expect(await policies()).toEqual([
      { hook: 'pre_auth', policy: 'fail_closed', decided_by: 'default' },
      { hook: 'app.before_create', policy: 'fail_open', decided_by: 'manifest' },
      { hook: 'app.after_create', policy: 'fail_open', decided_by: 'default' },
    ]);
  });

  it('is up to the operator in the end, with a row in the audit log', async () => {
    expect(await call('PATCH', `/${id}`, { failure_policies: { pre_auth: 'fail_open', object_hooks: 'fail_closed' } })).toMatchObject({ status: 200 });
    expect(await policies()).toEqual([
      { hook: 'pre_auth', policy: 'fail_open', decided_by: 'operator' },
      { hook: 'app.before_create', policy: 'fail_closed', decided_by: 'operator' },
      { hook: 'app.after_create', policy: 'fail_open', decided_by: 'default' },
    ]);
    const { body } = await studio.call('GET', `/api/v1/audit?target_type=plugin&target_id=${id}`);
    expect(body.data[0]).toMatchObject({ action: 'plugin.update', changes: { failure_policies: { pre_auth: 'fail_open', object_hooks: 'fail_closed' } } });
    expect(await call('PATCH', `/${id}`, { failure_policies: {} })).toMatchObject({ body: { data: { failure_policies: {} } } });
    expect((await policies())[0]).toMatchObject({ decided_by: 'default' });
  });

  it.each([
    [{ pre_auth: 'open' }, '/failure_policies/pre_auth'],
    [{ custom_endpoint: 'fail_open' }, '/failure_policies/custom_endpoint'],
    [{ 'app.after_create': 'fail_closed' }, '/failure_policies/app.after_create'],
  ])('cannot be %j', async (sent, pointer) => {
    expect(await call('PATCH', `/${id}`, { failure_policies: sent })).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
  });
});
