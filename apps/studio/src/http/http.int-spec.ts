import { Controller, Get } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { TestStudio } from '../testing/test-studio';
import { templateOf } from './openapi';
import { Policy } from './policy';
import { PolicyGuard } from './policy.guard';
import { listRoutes, requirePolicies } from './routes';

describe('the HTTP surface', () => {
  let studio: TestStudio;
  beforeAll(async () => {
    studio = await TestStudio.start();
  });
  afterAll(() => studio.close());

  const unauthenticated = { headers: { cookie: undefined } };

  it('answers nobody on a route that needs someone', async () => {
    const closed = listRoutes(studio.app).filter((route) => route.policy && !('public' in route.policy));
    expect(closed.length).toBeGreaterThan(25);
    for (const { method, path } of closed) {
      const answer = await studio.call(method, path.replace(/:\w+/g, '1'), unauthenticated);
      expect(`${method} ${path} ${answer.status} ${answer.body.code}`).toBe(`${method} ${path} 401 http.unauthenticated`);
    }
  });

  it('refuses a route that states no policy, and does not start with one', () => {
    @Controller('open')
    class Forgetful {
      @Get()
      read(): void {}

      @Get('decided')
      @Policy({ public: true })
      decided(): void {}
    }
    const guard = new PolicyGuard(new Reflector(), undefined as never, undefined as never, undefined as never);
    const host = { getType: () => 'http', getHandler: () => Forgetful.prototype.read, getClass: () => Forgetful };
    return expect(guard.canActivate(host as never))
      .rejects.toMatchObject({ code: 'http.noPolicy' })
      .then(() => {
        const route = { controller: 'Forgetful', handler: 'read', method: 'GET', path: '/open', policy: undefined, doc: {} };
        expect(() => requirePolicies([route])).toThrow('Routes without @Policy: GET /open (Forgetful.read)');
        expect(() => requirePolicies([{ ...route, policy: { public: true } }])).not.toThrow();
      });
  });

  it('knows every route of the application', () => {
    const routes = listRoutes(studio.app).map((route) => `${route.method} ${route.path}`);
    expect(routes).toEqual(expect.arrayContaining(['GET /livez', 'POST /api/v1/auth/login', 'DELETE /api/v1/apps/:id/tokens/:tokenId', 'PUT /api/v1/groups/:id/members/:userId']));
  });

  it('says what is wrong as problem+json with a trace id', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const answer = await studio.call('GET', '/api/v1/nothing', { headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` } });
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.body).toEqual({
      type: 'urn:sluice:error:http.routeNotFound',
      title: 'There is nothing at this address.',
      status: 404,
      detail: 'There is nothing at this address.',
      code: 'http.routeNotFound',
      trace_id: traceId,
    });
  });

  it.each<[string, object, number, string]>([
    ['broken JSON', { rawBody: '{"name":' }, 400, 'http.malformedBody'],
    ['an empty body', { rawBody: '' }, 400, 'http.malformedBody'],
    ['another media type', { rawBody: 'name=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415, 'http.unsupportedMediaType'],
    ['a form that another site can send', { rawBody: '{"name":"x"}', headers: { 'content-type': 'text/plain' } }, 415, 'http.unsupportedMediaType'],
    ['too large a body', { rawBody: JSON.stringify({ name: 'x'.repeat(1_100_000) }) }, 413, 'http.bodyTooLarge'],
    ['a NUL', { rawBody: '{"name":"a\\u0000b"}' }, 400, 'http.invalidRequest'],
    ['endless nesting', { rawBody: '['.repeat(400_000) + ']'.repeat(400_000) }, 400, 'http.invalidRequest'],
    ['a poisoned prototype', { rawBody: '{"name":"x","__proto__":{"admin":true}}' }, 400, 'http.malformedBody'],
  ])('refuses %s', async (_, call, status, code) => {
    expect(await studio.call('POST', '/api/v1/groups', call)).toMatchObject({ status, body: { code } });
  });

  it('keeps the request id of the caller, and makes one where it is none', async () => {
    expect((await studio.call('GET', '/livez', { headers: { 'x-request-id': 'abc-1' } })).headers['x-request-id']).toBe('abc-1');
    expect((await studio.call('GET', '/livez', { headers: { 'x-request-id': 'a b' } })).headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('tells the platform how it is', async () => {
    expect(await studio.call('GET', '/livez', unauthenticated)).toMatchObject({ status: 200 });
    expect(await studio.call('GET', '/readyz?verbose', unauthenticated)).toMatchObject({ status: 200, body: { status: 'ok', checks: { database: true } } });
    expect((await studio.call('GET', '/version', unauthenticated)).body).toMatchObject({ name: 'sluice-studio', version: '0.1.0', role: 'all' });
    expect((await studio.call('GET', '/metrics', unauthenticated)).headers['content-type']).toContain('text/plain');
  });

  it('describes each of its operations in OpenAPI 3.1', async () => {
    const { body } = await studio.call('GET', '/api/v1/openapi.json', unauthenticated);
    expect(body.openapi).toBe('3.1.0');
    const described = Object.entries<object>(body.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
    const routed = listRoutes(studio.app).filter((route) => route.path.startsWith('/api/'));
    expect(described.sort()).toEqual(routed.map((route) => `${route.method} ${templateOf(route.path)}`).sort());
    for (const route of routed) expect(`${route.path} ${route.doc.summary ?? 'has no summary'}`).not.toContain('has no summary');
    const create = body.paths['/api/v1/apps'].post;
    expect(create).toMatchObject({ 'x-scope': 'apps.write', requestBody: { content: { 'application/json': { schema: { required: ['name'], additionalProperties: false } } } } });
    expect(create.responses['201'].content['application/json'].schema.properties.data.properties.monthly_budget).toBeDefined();
    const named = (path: string, method: string): string[] => body.paths[path][method].parameters.map((parameter: { name: string }) => parameter.name);
    expect(named('/api/v1/apps/{id}', 'patch')).toEqual(['id', 'If-Match']);
    expect(named('/api/v1/apps', 'get')).toEqual(['limit', 'cursor', 'namespace', 'is_active']);
    expect(named('/api/v1/apps/{id}/tokens/{tokenId}', 'delete')).toEqual(['id', 'tokenId']);
  });

  it('shows the description as a page that loads nothing from elsewhere', async () => {
    const { status, body, headers } = await studio.call('GET', '/api/docs', unauthenticated);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(body).toContain('/api/v1/openapi.json');
    expect(body).not.toMatch(/(src|href)="(https?:)?\/\//);
  });
});
