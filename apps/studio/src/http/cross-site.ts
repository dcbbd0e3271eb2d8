import type { FastifyRequest } from 'fastify';
import { httpErrors } from './errors';

export const CSRF_HEADER = 'x-sluice-csrf';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * A browser sends our cookie along with requests that other sites make. Two things that another site cannot do prove that one of ours made
 * it: set a header of its own (that needs a preflight, which we never grant), and lie about `Origin`. Writes that carry a session cookie
 * need both; an API key is never sent by itself, so it needs neither.
 */
export function refuseCrossSiteWrite(request: FastifyRequest, publicUrl: URL): void {
  if (SAFE_METHODS.has(request.method)) return;
  refuseForeignOrigin(request, publicUrl);
  if (request.headers[CSRF_HEADER] === undefined) throw new httpErrors.crossSite({ missing: CSRF_HEADER });
}

/** For public writes, such as a login: nobody is logged in as someone else by a foreign page. */
export function refuseForeignOrigin(request: FastifyRequest, publicUrl: URL): void {
  const { origin, host } = request.headers;
  if (SAFE_METHODS.has(request.method) || origin === undefined) return;
  if (origin === publicUrl.origin || hostOf(origin) === host) return;
  throw new httpErrors.crossSite({ origin });
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
