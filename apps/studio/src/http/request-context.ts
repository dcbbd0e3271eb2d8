import { randomBytes, randomUUID } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { isSpanContextValid, trace } from '@opentelemetry/api';
import type { FastifyRequest } from 'fastify';
import { ALL_SCOPES } from './scopes';

export type Actor =
  | { kind: 'user'; userId: number; email: string; isAdmin: boolean; organizationId: number }
  | { kind: 'system'; name: string; organizationId?: number }
  | { kind: 'plugin'; pluginId: number; organizationId: number };

/** Who asks for something, and how to find this one request again. The first argument of every service method. */
export interface RequestContext {
  requestId: string;
  traceId: string;
  ip: string;
  actor: Actor;
  scopes: readonly string[];
}

/** The organization that exists from the first start. */
export const DEFAULT_ORGANIZATION_ID = 1;

const contexts = new WeakMap<object, RequestContext>();

/** The context of a request; it is nobody's until the guard has found out whose. */
export function contextOf(request: FastifyRequest): RequestContext {
  const known = contexts.get(request.raw);
  if (known) return known;
  const context: RequestContext = {
    requestId: readRequestId(request.headers['x-request-id']),
    traceId: readTraceId(request.headers.traceparent),
    ip: request.ip,
    actor: { kind: 'system', name: 'anonymous' },
    scopes: [],
  };
  contexts.set(request.raw, context);
  return context;
}

export function identify(request: FastifyRequest, identity: Pick<RequestContext, 'actor' | 'scopes'>): void {
  contexts.set(request.raw, { ...contextOf(request), ...identity });
}

/** The request's context as a parameter of a controller method. */
export const Ctx = createParamDecorator((_: unknown, host: ExecutionContext) => contextOf(host.switchToHttp().getRequest<FastifyRequest>()));

/** For work that no request asked for: start-up, jobs. Default: for the organization that exists from the first start. */
export function systemContext(name: string, organizationId?: number): RequestContext {
  return { requestId: randomUUID(), traceId: activeTraceId() ?? randomBytes(16).toString('hex'), ip: '', actor: { kind: 'system', name, organizationId }, scopes: [ALL_SCOPES] };
}

/** Whose things the caller sees. */
export function organizationOf(ctx: RequestContext): number {
  return ctx.actor.organizationId ?? DEFAULT_ORGANIZATION_ID;
}

function readRequestId(header: string | string[] | undefined): string {
  return typeof header === 'string' && /^[\w.:-]{1,128}$/.test(header) ? header : randomUUID();
}

function readTraceId(traceparent: string | string[] | undefined): string {
  const fromHeader = typeof traceparent === 'string' ? /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(traceparent)?.[1] : undefined;
  return activeTraceId() ?? fromHeader ?? randomBytes(16).toString('hex');
}

function activeTraceId(): string | undefined {
  const span = trace.getActiveSpan()?.spanContext();
  return span && isSpanContextValid(span) ? span.traceId : undefined;
}
