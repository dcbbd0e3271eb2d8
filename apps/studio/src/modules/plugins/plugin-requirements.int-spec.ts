import { MadePlugins } from '../../testing/made-plugins';
import { TestStudio, type Answer } from '../../testing/test-studio';

jest.setTimeout(120_000);

const BASE = 'com.example.base';
const requires = (version: string, optional = false) => ({ requires: [{ plugin: BASE, version, optional }] });

describe('what plugins ask of the platform and of each other', () => {
  const made = new MadePlugins();
  let studio: TestStudio;
  let base: number;
  let needy: number;
  beforeAll(async () => {
    studio = await TestStudio.start();
  });
  afterAll(async () => {
    await studio.close();
    made.remove();
  });

  const call = (method: string, path: string, body?: unknown): Promise<Answer> => studio.call(method, `/api/v1/plugins${path}`, { body });
  const register = (name: string, command: string, more: object = {}) => call('POST', '', { name, command, config: { slug: name.toLowerCase().replaceAll(' ', '-') }, ...more });

  it('refuses what does not fit this studio with the sentence of each reason, and not for what it asks of gateways', async () => {
    const command = made.make('unfit', { compat: { app: '>=9.0.0', api: ['v1', 'v7'], min_studio_version: '8.0.0', min_gateway_version: '7.0.0' } });
    const { status, body } = await register('Unfit', command);
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'plugins.invalid' });
    expect(body.errors).toEqual([
      { pointer: '/manifest/compat/app', detail: 'The plugin needs Sluice >=9.0.0; this is 0.1.0.' },
      { pointer: '/manifest/compat/min_studio_version', detail: 'The plugin needs a Sluice studio >=8.0.0; this is 0.1.0.' },
      { pointer: '/manifest/compat/api/1', detail: 'The plugin needs the API v7; here are v1.' },
    ]);
    expect(await register('For gateways', made.make('for-gateways', { compat: { min_gateway_version: '7.0.0' } }))).toMatchObject({ status: 201 });
  });

  it('refuses to activate a plugin before the one that it requires', async () => {
    const command = made.make('needy', requires('^1.0.0'));
    const refused = await register('Needy', command);
    expect(refused).toMatchObject({ status: 409, body: { code: 'plugins.requirementMissing', errors: [{ pointer: '/manifest/requires/0/plugin' }] } });
    expect(refused.body.detail).toContain(`"Needy" cannot be active. The plugin needs ${BASE} ^1.0.0; it is not here.`);

    needy = (await register('Needy', command, { is_active: false })).body.data.id;
    expect(await call('PATCH', `/${needy}`, { is_active: true })).toMatchObject({ status: 409 });
    base = (await register('Base', made.make('base', { version: '1.2.0' }))).body.data.id;
    expect(await call('PATCH', `/${needy}`, { is_active: true })).toMatchObject({ status: 200 });
  });

  it('keeps a plugin that another one requires, and names both', async () => {
    for (const answer of [await call('DELETE', `/${base}`), await call('PATCH', `/${base}`, { is_active: false }), await call('PATCH', `/${base}`, { namespace: 'eu' })]) {
      expect(answer).toMatchObject({ status: 409, body: { code: 'plugins.stillRequired' } });
      expect(answer.body.detail).toContain(`"Base" is required by the active plugin "Needy" (id ${needy})`);
    }
    expect((await call('GET', `/${base}`)).body.data).toMatchObject({ is_active: true, namespace: '' });
  });

  it('refuses a version that no longer fits, by another command or by asking the process again', async () => {
    const other = await call('PATCH', `/${base}`, { command: made.make('base-2', { id: BASE, version: '2.0.0' }) });
    expect(other).toMatchObject({ status: 409, body: { code: 'plugins.stillRequired' } });
    expect(other.body.detail).toContain('here is 2.0.0');
    made.make('base', { version: '3.0.0' });
    expect(await call('POST', `/${base}/validate-and-load`)).toMatchObject({ status: 409, body: { code: 'plugins.stillRequired' } });
    made.make('base', { version: '1.3.0' });
    expect(await call('POST', `/${base}/validate-and-load`)).toMatchObject({ status: 200, body: { data: { manifest: { version: '1.3.0' } } } });
  });

  it('lets an optional one be missing, and not be there in a wrong version', async () => {
    const { body, status } = await register('Choosy', made.make('choosy', requires('^9.0.0', true)));
    expect({ status, detail: body.detail }).toEqual({ status: 409, detail: expect.stringContaining(`The plugin works only with ${BASE} ^9.0.0; here is 1.3.0.`) });
  });

  it('does not let two changes at once leave a plugin without what it requires', async () => {
    await call('PATCH', `/${needy}`, { is_active: false });
    const answers = await Promise.all([call('PATCH', `/${needy}`, { is_active: true }), call('PATCH', `/${base}`, { is_active: false })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const [needyNow, baseNow] = await Promise.all([needy, base].map(async (id) => (await call('GET', `/${id}`)).body.data.is_active));
    expect([needyNow, baseNow]).not.toEqual([true, false]);
  });

  it('lets both go, one after the other', async () => {
    expect(await call('DELETE', `/${needy}`)).toMatchObject({ status: 204 });
    expect(await call('DELETE', `/${base}`)).toMatchObject({ status: 204 });
  });
});
