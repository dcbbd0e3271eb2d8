import type { EndpointRegistration } from '@sluice/contracts/plugin';
import { EndpointRoute } from './endpoint-route';
import { loosePath } from './loose-path';

/** The methods that an endpoint may ask for, in the order in which `Allow` names them. */
export const ENDPOINT_METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

export type RouteMatch =
  | { kind: 'found'; route: EndpointRoute }
  | { kind: 'methodNotAllowed'; allow: string }
  /** A reader that is less strict than the gateway would have come to another route. */
  | { kind: 'ambiguous' }
  | { kind: 'notFound' };

type RoutesByMethod = Map<string, EndpointRoute>;

const NOT_FOUND: RouteMatch = { kind: 'notFound' };
const AMBIGUOUS: RouteMatch = { kind: 'ambiguous' };

/**
 * The endpoints of one generation of a plugin. An exact path wins over a wildcard, also over one that would take the path with a
 * slash behind it; a longer wildcard wins over a shorter one. Each per method: `POST /token` beside `GET /*` leaves `GET /token` to the wildcard.
 */
export class RouteTable {
  /** One sentence for each registration, or part of one, that cannot be served. */
  readonly warnings: string[] = [];
  private readonly exact = new Map<string, RoutesByMethod>();
  private readonly wildcards: { prefix: string; routes: RoutesByMethod }[] = [];
  private readonly found = new Map<EndpointRoute, RouteMatch>();

  constructor(registrations: readonly EndpointRegistration[]) {
    for (const registration of registrations) this.add(registration);
    this.wildcards.sort((a, b) => b.prefix.length - a.prefix.length);
  }

  /** `path` is relative to the plugin, decoded, and begins with `/`. */
  match(method: string, path: string): RouteMatch {
    const route = this.routeOf(method, path);
    const loose = loosePath(path);
    // An author who registers such a path means it.
    if (loose !== undefined && !this.exact.has(path) && this.routeOf(method, loose) !== route) return AMBIGUOUS;
    if (route) return this.found.get(route)!;
    const exact = this.exact.get(path);
    const allowed = ENDPOINT_METHODS.filter((other) => exact?.has(other) || this.matchWildcard(other, path));
    return allowed.length === 0 ? NOT_FOUND : { kind: 'methodNotAllowed', allow: allowed.join(', ') };
  }

  private routeOf(method: string, path: string): EndpointRoute | undefined {
    return this.exact.get(path)?.get(method) ?? this.matchUnlessExact(method, path);
  }

  /**
   * `/token/` has the path segments of `/token`. Served by a wildcard, which may ask for no token, it would look to the plugin like a
   * request that the exact path has admitted.
   */
  private matchUnlessExact(method: string, path: string): EndpointRoute | undefined {
    const wildcard = this.matchWildcard(method, path);
    if (!wildcard || path === '/' || !path.endsWith('/')) return wildcard;
    return this.exact.get(path.slice(0, -1))?.get(method) ?? wildcard;
  }

  private matchWildcard(method: string, path: string): EndpointRoute | undefined {
    for (const { prefix, routes } of this.wildcards) {
      const route = routes.get(method);
      if (route && path.startsWith(prefix)) return route;
    }
    return undefined;
  }

  private add(registration: EndpointRegistration): void {
    const path = registration.path.startsWith('/') ? registration.path : `/${registration.path}`;
    const star = path.indexOf('*');
    if (star >= 0 && !(star === path.length - 1 && path.endsWith('/*'))) {
      this.warnings.push(`The endpoint path ${path} is not served: a wildcard stands only at the end, as /*.`);
      return;
    }
    if (registration.methods.length === 0) this.warnings.push(`The endpoint path ${path} names no methods and is not served.`);
    const routes = star < 0 ? this.exactRoutes(path) : this.wildcardRoutes(path.slice(0, star));
    const route = new EndpointRoute(path, registration);
    this.found.set(route, { kind: 'found', route });
    for (const method of registration.methods.map((text) => text.toUpperCase())) {
      if (!ENDPOINT_METHODS.includes(method)) this.warnings.push(`The method ${method} of the endpoint path ${path} is not served.`);
      else if (routes.has(method)) this.warnings.push(`The endpoint ${method} ${path} is registered twice; the first counts.`);
      else routes.set(method, route);
    }
  }

  private exactRoutes(path: string): RoutesByMethod {
    let routes = this.exact.get(path);
    if (!routes) this.exact.set(path, (routes = new Map()));
    return routes;
  }

  private wildcardRoutes(prefix: string): RoutesByMethod {
    let entry = this.wildcards.find((other) => other.prefix === prefix);
    if (!entry) this.wildcards.push((entry = { prefix, routes: new Map() }));
    return entry.routes;
  }
}
