import { FakePlugin } from '../testing/fake-plugin';
import { appRecord, pluginRecord, tokenRecord } from '../testing/records';
import { TestGateway, tokenHashOf } from '../testing/test-gateway';

let gateway: TestGateway;
let plugin: FakePlugin;

beforeEach(async () => {
  gateway = await new TestGateway().listen();
  plugin = new FakePlugin();
  plugin.answer = (call) => call.respond({ statusCode: 200 });
  gateway.serving.set(
    1,
    plugin.generation(1, [{ path: '/open' }, { path: '/private', requireAuth: true }, { path: '/passed', requireAuth: true, metadata: { pass_credentials: 'true' } }]),
  );
  gateway.apply(
    pluginRecord({ id: 1, slug: 'echo' }),
    appRecord({ id: 4, name: 'Shop', metadata: { tier: 'gold' }, monthly_budget: 12.5, rate_limit: 60 }),
    appRecord({ id: 5, is_active: false }),
    tokenRecord({ id: 1, app_id: 4, hash: tokenHashOf('good'), scopes: ['read', 'write'], expires_at: Math.floor(Date.now() / 1000) + 3_600 }),
    tokenRecord({ id: 2, app_id: 4, hash: tokenHashOf('expired'), expires_at: Math.floor(Date.now() / 1000) - 1 }),
    tokenRecord({ id: 3, app_id: 5, hash: tokenHashOf('inactive') }),
  );
});
afterEach(() => gateway.close());

const seen = () => plugin.calls.at(-1)!.request;

describe('an endpoint with require_auth', () => {
  it('admits a bearer token, tells the plugin the app and takes the token out', async () => {
    expect((await gateway.ask('/plugins/echo/private?a=1', { headers: { authorization: 'Bearer good', 'x-a': '1' } })).status).toBe(200);
    expect(seen()).toMatchObject({
      authenticated: true,
      scopes: ['read', 'write'],
      queryString: 'a=1',
      headers: { 'X-A': '1' },
      context: { appId: 4, userId: 0 },
      app: { id: 4, name: 'Shop', ownerEmail: 'owner@example.com', isActive: true, monthlyBudget: 12.5, rateLimit: 60, metadata: { tier: 'gold' } },
    });
    expect(seen().headers).not.toHaveProperty('Authorization');
  });

  it('admits ?token= and takes it out, leaving the rest of query and headers', async () => {
    expect((await gateway.ask('/plugins/echo/private?a=%20&token=good&b', { headers: { authorization: 'Basic abc' } })).status).toBe(200);
    expect(seen()).toMatchObject({ authenticated: true, queryString: 'a=%20&b', headers: { Authorization: 'Basic abc' } });
  });

  it('takes the accepted token out of both places', async () => {
    await gateway.ask('/plugins/echo/private?token=good', { headers: { authorization: 'Bearer good' } });
    expect(seen().queryString).toBe('');
    expect(seen().headers).not.toHaveProperty('Authorization');
  });

  it('passes the credential where the registration wants it', async () => {
    await gateway.ask('/plugins/echo/passed', { headers: { authorization: 'Bearer good' } });
    expect(seen()).toMatchObject({ authenticated: true, headers: { Authorization: 'Bearer good' } });
    await gateway.ask('/plugins/echo/passed?token=good');
    expect(seen()).toMatchObject({ authenticated: true, queryString: 'token=good' });
  });

  it('asks for a token with 401', async () => {
    const answer = await gateway.ask('/plugins/echo/private');
    expect(answer).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'endpoint.tokenMissing' });
  });

  it.each(['unknown', 'expired', 'inactive', ''])('refuses the token %p with 401 and says nothing more', async (token) => {
    const answer = await gateway.ask('/plugins/echo/private', { headers: { authorization: `Bearer ${token}x`.slice(0, -1) } });
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
    expect(plugin.calls).toHaveLength(0);
  });

  it('does not try ?token= after a bad bearer token', async () => {
    expect((await gateway.ask('/plugins/echo/private?token=good', { headers: { authorization: 'Bearer bad' } })).status).toBe(401);
  });

  it('refuses a token from the moment on in which its revocation is applied', async () => {
    const ask = () => gateway.ask('/plugins/echo/private?token=good');
    expect((await ask()).status).toBe(200);
    gateway.apply(pluginRecord({ id: 1, slug: 'echo' }), appRecord({ id: 4 }));
    expect((await ask()).status).toBe(401);
  });

  it('checks the token before it reads the body', async () => {
    expect((await gateway.ask('/plugins/echo/private', { method: 'POST', body: 'x'.repeat(2_000) })).status).toBe(401);
  });

  it('writes no token into the log', async () => {
    await gateway.ask('/plugins/echo/private?token=good', { headers: { authorization: 'Bearer good' } });
    await gateway.ask('/plugins/echo/private?token=hush-hush');
    expect(gateway.log.join('')).not.toMatch(/good|hush/);
  });
});

it('passes everything as it came without require_auth', async () => {
  await gateway.ask('/plugins/echo/open?token=good', { headers: { authorization: 'Bearer good' } });
  expect(seen()).toMatchObject({ authenticated: false, app: undefined, scopes: [], queryString: 'token=good', headers: { Authorization: 'Bearer good' }, context: { appId: 0 } });
});
