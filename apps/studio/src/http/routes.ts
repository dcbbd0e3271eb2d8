import { RequestMethod, type INestApplication } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { POLICY_METADATA, type RoutePolicy } from './policy';
import { docOf, type RouteDoc } from './zod';

export interface Route {
  controller: string;
  handler: string;
  method: string;
  /** With `:name` for parameters. */
  path: string;
  policy: RoutePolicy | undefined;
  doc: RouteDoc;
}

/** Every route of every controller, from the metadata that Nest itself routes by. */
export function listRoutes(app: INestApplication): Route[] {
  const discovery = app.get(DiscoveryService);
  const scanner = app.get(MetadataScanner);
  const reflector = app.get(Reflector);
  return discovery.getControllers().flatMap(({ instance, metatype }) => {
    const prototype = Object.getPrototypeOf(instance) as Record<string, object>;
    return scanner.getAllMethodNames(prototype).flatMap((handler) => {
      const method = prototype[handler]!;
      const verb = Reflect.getMetadata('method', method) as RequestMethod | undefined;
      if (verb === undefined) return [];
      const policy = reflector.getAllAndOverride<RoutePolicy | undefined>(POLICY_METADATA, [method as never, metatype as never]);
      return pathsOf(metatype!).flatMap((base) =>
        pathsOf(method).map((path) => ({ controller: metatype!.name, handler, method: RequestMethod[verb], path: join(base, path), policy, doc: docOf(prototype, handler) })),
      );
    });
  });
}

/** The process does not start with a route that nobody decided about. */
export function requirePolicies(routes: readonly Route[]): void {
  const open = routes.filter((route) => !route.policy).map((route) => `${route.method} ${route.path} (${route.controller}.${route.handler})`);
  if (open.length > 0) throw new Error(`Routes without @Policy: ${open.join(', ')}`);
}

function pathsOf(target: object): string[] {
  const path = Reflect.getMetadata('path', target) as string | string[] | undefined;
  return Array.isArray(path) ? path : [path ?? ''];
}

function join(...parts: string[]): string {
  return `/${parts.flatMap((part) => part.split('/')).filter(Boolean).join('/')}`;
}
