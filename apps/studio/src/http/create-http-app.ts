import cookie from '@fastify/cookie';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { NestLogs } from '@sluice/platform-telemetry';
import type { Logger } from 'pino';
import { StudioModule } from '../app.module';
import type { StudioProcess } from '../process.module';
import { httpErrors } from './errors';
import { ApiDescription } from './openapi';
import { contextOf } from './request-context';
import { listRoutes, requirePolicies } from './routes';

const MAX_BODY_BYTES = 1_048_576;
const HEALTH = /^\/(livez|readyz|version|metrics)(\?|$)/;

/** The studio as one application, initialised and not yet listening. */
export async function createHttpApp(studio: StudioProcess): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({ bodyLimit: MAX_BODY_BYTES, routerOptions: { maxParamLength: 200 } });
  const app = await NestFactory.create<NestFastifyApplication>(StudioModule.of(studio), adapter, {
    logger: new NestLogs(studio.logger),
    abortOnError: false,
    bodyParser: false,
  });
  await app.register(cookie);
  const fastify = adapter.getInstance();
  // JSON only: forms and plain text are what another site can send without asking.
  fastify.removeContentTypeParser('text/plain');
  fastify.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', contextOf(request).requestId).header('x-content-type-options', 'nosniff');
    if (request.url.startsWith('/api/')) void reply.header('cache-control', 'no-store');
  });
  if (!studio.config.serves) fastify.addHook('onRequest', async (request) => refuseApi(request.url));
  fastify.addHook('onResponse', async (request, reply) => logRequest(studio.logger, contextOf(request), request.method, request.routeOptions.url, reply));
  const routes = listRoutes(app);
  requirePolicies(routes);
  app.get(ApiDescription).describe(routes);
  return app;
}

/** A worker answers the platform that runs it and nobody else. */
function refuseApi(url: string): void {
  if (!HEALTH.test(url)) throw new httpErrors.routeNotFound();
}

/** The route's pattern, not the address: an address may carry what nobody should find in a log. */
function logRequest(logger: Logger, ctx: { requestId: string; traceId: string }, method: string, route: string | undefined, reply: { statusCode: number; elapsedTime: number }): void {
  const fields = { event: 'request', method, route: route ?? '(none)', status: reply.statusCode, ms: Math.round(reply.elapsedTime), request_id: ctx.requestId, trace_id: ctx.traceId };
  logger.debug(fields);
}
