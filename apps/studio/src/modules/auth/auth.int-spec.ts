import { FakeClock } from '@sluice/kernel';
import { ADMIN, TestStudio, type Call } from '../../testing/test-studio';
import { SESSION_SECONDS } from './session.service';

describe('authentication', () => {
  const clock = new FakeClock(Date.now());
  let studio: TestStudio;
  beforeAll(async () => {
    studio = await TestStudio.start({ clock });
  });
  afterAll(() => studio.close());

  const anonymous = { cookie: undefined };

  describe('login', () => {
    it('sets a cookie that scripts cannot read and other sites do not send with writes', async () => {
      const answer = await studio.call('POST', '/api/v1/auth/login', { body: ADMIN });
      expect(answer.status).toBe(200);
      expect(answer.body.data).toMatchObject({ email: ADMIN.email, is_admin: true, organization_id: 1, scopes: ['*'] });
      expect(answer.headers['set-cookie']).toMatch(/^sluice_session=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/);
      expect(JSON.stringify(answer.body)).not.toContain('argon2');
    });

    it('marks the cookie Secure where browsers come over https', async () => {
      const behindTls = await TestStudio.start({ environment: { STUDIO_PUBLIC_URL: 'https://studio.example' }, login: false });
      try {
        const answer = await behindTls.call('POST', '/api/v1/auth/login', { body: ADMIN, headers: { origin: 'https://studio.example' } });
        expect(answer.headers['set-cookie']).toMatch(/; HttpOnly; Secure; SameSite=Lax$/);
      } finally {
        await behindTls.close();
      }
    });

    it('tells the same about a wrong password and an unknown address', async () => {
      const wrong = await studio.call('POST', '/api/v1/auth/login', { body: { ...ADMIN, password: 'wrong' } });
      const unknown = await studio.call('POST', '/api/v1/auth/login', { body: { ...ADMIN, email: 'nobody@example.com' } });
      expect(wrong).toMatchObject({ status: 401, body: { code: 'auth.badCredentials', status: 401 } });
      expect(wrong.headers['content-type']).toBe('application/problem+json');
      expect({ ...unknown.body, trace_id: '' }).toEqual({ ...wrong.body, trace_id: '' });
      expect(wrong.headers['set-cookie']).toBeUndefined();
    });

    it('is refused from a page of another site', async () => {
      const answer = await studio.call('POST', '/api/v1/auth/login', { body: ADMIN, headers: { origin: 'https://evil.example' } });
      expect(answer).toMatchObject({ status: 403, body: { code: 'http.crossSite' } });
    });

    it('names the member that is wrong', async () => {
      const answer = await studio.call('POST', '/api/v1/auth/login', { body: { email: 'admin', pass: 'x' } });
      expect(answer.status).toBe(400);
      expect(answer.body.errors.map((error: { pointer: string }) => error.pointer).sort()).toEqual(['/email', '/pass', '/password']);
    });

    it('slows down who guesses, and forgives after a while', async () => {
      const guess = (password: string) => studio.call('POST', '/api/v1/auth/login', { body: { email: 'guessed@example.com', password } });
      for (let attempt = 0; attempt < 10; attempt++) expect((await guess('wrong')).status).toBe(401);
      const refused = await guess('wrong');
      expect(refused).toMatchObject({ status: 429, body: { code: 'auth.tooManyAttempts' } });
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(800);
      expect((await studio.call('POST', '/api/v1/auth/login', { body: ADMIN })).status).toBe(200);
      clock.advance(15 * 60_000 + 1_000);
      expect((await guess('wrong')).status).toBe(401);
    });
  });

  describe('session', () => {
    it('says who it is', async () => {
      expect((await studio.call('GET', '/api/v1/me')).body.data).toMatchObject({ email: ADMIN.email });
      expect(await studio.call('GET', '/api/v1/me', { headers: anonymous })).toMatchObject({ status: 401, body: { code: 'http.unauthenticated' } });
      expect((await studio.call('GET', '/api/v1/me', { headers: { cookie: 'sluice_session=made-up' } })).status).toBe(401);
    });

    it('ends with logout', async () => {
      const session = await studio.logIn();
      expect((await studio.call('POST', '/api/v1/auth/logout', { headers: session })).status).toBe(204);
      expect((await studio.call('GET', '/api/v1/me', { headers: session })).status).toBe(401);
    });

    it('ends by itself', async () => {
      const session = await studio.logIn();
      clock.advance(SESSION_SECONDS * 1_000 + 1);
      expect((await studio.call('GET', '/api/v1/me', { headers: session })).status).toBe(401);
      studio.headers = await studio.logIn();
    });
  });

  describe('writes with a cookie', () => {
    const write = (headers: Record<string, string | undefined>) => studio.call('POST', '/api/v1/groups', { body: { name: `group ${Math.random()}` }, headers: { ...studio.headers, ...headers } });

    it.each([
      ['without the header', { 'x-sluice-csrf': undefined }],
      ['from another site', { origin: 'https://evil.example' }],
      ['from nowhere, as a sandboxed page says', { origin: 'null' }],
    ])('are refused %s', async (_, headers) => {
      expect(await write(headers)).toMatchObject({ status: 403, body: { code: 'http.crossSite' } });
    });

    it('pass from the studio itself', async () => {
      expect((await write({ origin: 'http://studio.test' })).status).toBe(201);
      expect((await write({ origin: 'http://localhost:80', host: 'localhost:80' })).status).toBe(403);
      expect((await write({ origin: 'http://localhost:3000', host: 'localhost:3000' })).status).toBe(201);
    });
  });

  describe('API keys', () => {
    const make = (body: object, headers?: Call['headers']) => studio.call('POST', '/api/v1/api-keys', { body, headers });
    const bearer = (key: string) => ({ cookie: '', 'x-sluice-csrf': undefined, authorization: `Bearer ${key}` });

    it('are shown once, and do what their scopes say without a cookie or its header', async () => {
      const made = await make({ name: 'reader', scopes: ['apps.read'] });
      expect(made.status).toBe(201);
      const { key, id } = made.body.data;
      expect(key).toMatch(/^slc_key_/);
      const list = await studio.call('GET', '/api/v1/api-keys');
      expect(JSON.stringify(list.body)).not.toContain(key);
      expect(list.body.data.find((row: { id: number }) => row.id === id)).toMatchObject({ name: 'reader', prefix: key.slice(0, 12), last_four: key.slice(-4) });
      expect((await studio.call('GET', '/api/v1/apps', { headers: bearer(key) })).status).toBe(200);
      expect(await studio.call('POST', '/api/v1/apps', { headers: bearer(key), body: { name: 'x' } })).toMatchObject({
        status: 403,
        body: { code: 'http.forbidden', detail: 'This needs the scope apps.write.' },
      });
    });

    it('write without the header that cookies need', async () => {
      const { key } = (await make({ name: 'writer', scopes: ['groups.write'] })).body.data;
      const answer = await studio.call('POST', '/api/v1/groups', { headers: bearer(key), body: { name: 'by key' } });
      expect(answer.status).toBe(201);
    });

    it('stop to work when they are revoked', async () => {
      const { key, id } = (await make({ name: 'short-lived', scopes: ['apps.read'] })).body.data;
      expect((await studio.call('DELETE', `/api/v1/api-keys/${id}`)).status).toBe(204);
      expect((await studio.call('GET', '/api/v1/apps', { headers: bearer(key) })).status).toBe(401);
      expect((await studio.call('DELETE', `/api/v1/api-keys/${id}`)).status).toBe(404);
    });

    it('stop to work when they expire', async () => {
      const expiresAt = new Date(clock.now() + 3_600_000).toISOString();
      const { key } = (await make({ name: 'an hour', scopes: ['apps.read'], expires_at: expiresAt })).body.data;
      expect((await studio.call('GET', '/api/v1/apps', { headers: bearer(key) })).status).toBe(200);
      clock.advance(3_600_001);
      expect((await studio.call('GET', '/api/v1/apps', { headers: bearer(key) })).status).toBe(401);
    });

    it('cannot make a key that can do more', async () => {
      const { key } = (await make({ name: 'key maker', scopes: ['me.write', 'apps.read'] })).body.data;
      const more = await make({ name: 'more', scopes: ['apps.read', '*'] }, bearer(key));
      expect(more).toMatchObject({ status: 403, body: { code: 'auth.scopeNotHeld', errors: [{ pointer: '/scopes/1' }] } });
      expect((await make({ name: 'no more', scopes: ['apps.read'] }, bearer(key))).status).toBe(201);
    });

    it('are checked member by member', async () => {
      const answer = await make({ name: '', scopes: ['apps.read', 'apps.raed'], expires_at: '2001-01-01T00:00:00Z' });
      expect(answer.status).toBe(400);
      expect(answer.body.errors.map((error: { pointer: string }) => error.pointer).sort()).toEqual(['/expires_at', '/name', '/scopes/1']);
    });
  });

  it('lets a user who is no administrator see only itself', async () => {
    await studio.call('POST', '/api/v1/users', { body: { email: 'Person@Example.com', password: 'long enough to pass' } });
    const session = await studio.logIn({ email: 'person@example.com', password: 'long enough to pass' });
    expect((await studio.call('GET', '/api/v1/me', { headers: session })).body.data).toMatchObject({ is_admin: false, scopes: ['me.read', 'me.write'] });
    expect((await studio.call('GET', '/api/v1/users', { headers: session })).status).toBe(403);
    expect((await studio.call('GET', '/api/v1/audit', { headers: session })).status).toBe(403);
  });
});
