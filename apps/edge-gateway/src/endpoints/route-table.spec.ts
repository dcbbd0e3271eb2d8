import { EndpointRegistration } from '@sluice/contracts/plugin';
import { RouteTable } from './route-table';

const table = (...registrations: { path: string; methods: string[]; description?: string }[]) =>
  new RouteTable(registrations.map((registration) => EndpointRegistration.fromPartial(registration)));

const patternOf = (routes: RouteTable, method: string, path: string) => {
  const match = routes.match(method, path);
  return match.kind === 'found' ? match.route.pattern : match.kind;
};

describe('RouteTable', () => {
  it('prefers an exact path to a wildcard, and a longer wildcard to a shorter one', () => {
    const routes = table(
      { path: '/*', methods: ['GET'] },
      { path: '/users/*', methods: ['GET'] },
      { path: '/users/admins/*', methods: ['GET'] },
      { path: '/users/me', methods: ['GET'] },
    );
    expect(patternOf(routes, 'GET', '/users/me')).toBe('/users/me');
    expect(patternOf(routes, 'GET', '/users/admins/1')).toBe('/users/admins/*');
    expect(patternOf(routes, 'GET', '/users/1/profile')).toBe('/users/*');
    expect(patternOf(routes, 'GET', '/users')).toBe('/*');
    expect(patternOf(routes, 'GET', '/')).toBe('/*');
  });

  it('matches each method by itself', () => {
    const routes = table({ path: '/token', methods: ['POST'] }, { path: '/*', methods: ['GET'] });
    expect(patternOf(routes, 'POST', '/token')).toBe('/token');
    expect(patternOf(routes, 'GET', '/token')).toBe('/*');
  });

  it('does not let a slash at the end lead past an exact path to a wildcard', () => {
    const routes = table({ path: '/userinfo', methods: ['GET'] }, { path: '/*', methods: ['GET', 'POST'] });
    expect(patternOf(routes, 'GET', '/userinfo/')).toBe('/userinfo');
    expect(patternOf(routes, 'POST', '/userinfo/')).toBe('/*');
    expect(patternOf(routes, 'GET', '/userinfo/x')).toBe('/*');
    expect(patternOf(routes, 'GET', '/userinfo//')).toBe('ambiguous');
  });

  it('says which methods a known path has', () => {
    const routes = table({ path: '/token', methods: ['post', 'OPTIONS'] }, { path: '/*', methods: ['GET'] });
    expect(routes.match('DELETE', '/token')).toEqual({ kind: 'methodNotAllowed', allow: 'GET, POST, OPTIONS' });
    expect(routes.match('POST', '/other')).toEqual({ kind: 'methodNotAllowed', allow: 'GET' });
    expect(routes.match('TRACE', '/other')).toEqual({ kind: 'methodNotAllowed', allow: 'GET' });
  });

  it('knows no path that was not registered', () => {
    const routes = table({ path: '/token', methods: ['POST'] }, { path: '/users/*', methods: ['GET'] });
    for (const path of ['/', '/token/', '/tokens', '/users', '/Token']) expect(patternOf(routes, 'POST', path)).toBe('notFound');
  });

  it.each(['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'])('serves %s', (method) => {
    expect(patternOf(table({ path: '/x', methods: [method] }), method, '/x')).toBe('/x');
  });

  it('reads a path without its leading slash', () => {
    expect(patternOf(table({ path: '*', methods: ['GET'] }), 'GET', '/a')).toBe('/*');
    expect(patternOf(table({ path: 'token', methods: ['GET'] }), 'GET', '/token')).toBe('/token');
  });

  it('leaves out what cannot be served, and says so', () => {
    const routes = table(
      { path: '/a/*/b', methods: ['GET'] },
      { path: '/foo*', methods: ['GET'] },
      { path: '/none', methods: [] },
      { path: '/odd', methods: ['BREW', 'GET'] },
      { path: '/odd', methods: ['GET'] },
    );
    expect(routes.warnings).toEqual([
      'The endpoint path /a/*/b is not served: a wildcard stands only at the end, as /*.',
      'The endpoint path /foo* is not served: a wildcard stands only at the end, as /*.',
      'The endpoint path /none names no methods and is not served.',
      'The method BREW of the endpoint path /odd is not served.',
      'The endpoint GET /odd is registered twice; the first counts.',
    ]);
    expect(patternOf(routes, 'GET', '/foobar')).toBe('notFound');
    expect(patternOf(routes, 'GET', '/odd')).toBe('/odd');
  });

  it('refuses a path that a less strict reader would take to another registration', () => {
    const routes = table(...['/token', '/admin/*', '/*', '/odd;path'].map((path) => ({ path, methods: ['GET'] })));
    for (const path of ['//token', '/token;x=1', '/token?x', '/token#', '//admin/x', '/admin;x/y', '/;x/admin/y']) expect([path, patternOf(routes, 'GET', path)]).toEqual([path, 'ambiguous']);
    for (const path of ['/other//x', '/other;x=1', '/a?b']) expect([path, patternOf(routes, 'GET', path)]).toEqual([path, '/*']);
    for (const path of ['/admin//x', '/admin/x;y']) expect([path, patternOf(routes, 'GET', path)]).toEqual([path, '/admin/*']);
    expect(patternOf(routes, 'GET', '/odd;path')).toBe('/odd;path');
  });
});
