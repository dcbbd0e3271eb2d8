import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { VERSION } from '../version';
import { SESSION_COOKIE } from './authenticator';
import { CSRF_HEADER } from './cross-site';
import type { Route } from './routes';

const API_PREFIX = '/api/';
const problem = { description: 'A problem (RFC 9457).', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } };
const ifMatch = { name: 'If-Match', in: 'header', required: false, description: 'The ETag of the version to change. 412 when someone changed it since.', schema: { type: 'string' } };
const idSchema = { type: 'integer', minimum: 1, maximum: 2_147_483_647 };

/** The OpenAPI document of the routes that this process serves; main.ts gives it the list once it is complete. */
@Injectable()
export class ApiDescription {
  document: object = describeApi([]);

  describe(routes: readonly Route[]): void {
    this.document = describeApi(routes.filter((route) => route.path.startsWith(API_PREFIX)));
  }
}

/** OpenAPI 3.1 from the very schemas that validate. */
export function describeApi(routes: readonly Route[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = templateOf(route.path);
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: describeRoute(route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Sluice Studio', version: VERSION, description: `JSON in snake_case. A write with the session cookie needs the header ${CSRF_HEADER}: 1.` },
    paths,
    components: {
      schemas: { Problem: problemSchema },
      securitySchemes: {
        api_key: { type: 'http', scheme: 'bearer', description: 'An API key (slc_key_…).' },
        session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
        join_token: { type: 'http', scheme: 'bearer', description: 'The join token of gateways.' },
      },
    },
  };
}

/** `/apps/:id` as `/apps/{id}`; what a wildcard takes is called `path`. */
export function templateOf(path: string): string {
  return path.replace(/:(\w+)/g, '{$1}').replace(/\*$/, '{path}');
}

function describeRoute({ controller, handler, path, policy, doc }: Route): object {
  const status = String(doc.status ?? 200);
  return {
    operationId: `${controller.replace(/Controller$/, '')}.${handler}`,
    tags: [/^\/api\/v1\/([\w-]+)/.exec(path)?.[1] ?? 'studio'],
    ...(doc.summary && { summary: doc.summary }),
    ...(policy && 'scope' in policy && { 'x-scope': policy.scope, security: [{ api_key: [] }, { session: [] }] }),
    ...(policy && 'edge' in policy && { security: [{ join_token: [] }] }),
    parameters: [...pathParameters(path, doc.pathIds ?? []), ...queryParameters(doc.query), ...(doc.ifMatch ? [ifMatch] : [])],
    ...(doc.body && { requestBody: { required: true, content: { 'application/json': { schema: toJsonSchema(doc.body, 'input') } } } }),
    responses: { [status]: describeAnswer(status, doc.answer), default: problem },
  };
}

function describeAnswer(status: string, answer: Route['doc']['answer']): object {
  if (!answer) return { description: status === '204' ? 'Done.' : 'OK' };
  const item = toJsonSchema(answer.schema, 'output');
  const meta = { type: 'object', required: ['next_cursor'], properties: { next_cursor: { type: ['string', 'null'] } } };
  const schema = answer.list
    ? { type: 'object', required: ['data', 'meta'], properties: { data: { type: 'array', items: item }, meta } }
    : { type: 'object', required: ['data'], properties: { data: item } };
  return { description: 'OK', content: { 'application/json': { schema } } };
}

function pathParameters(path: string, ids: readonly string[]): object[] {
  return [...templateOf(path).matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: ids.includes(name!) ? idSchema : { type: 'string' } }));
}

function queryParameters(query: z.ZodObject | undefined): object[] {
  if (!query) return [];
  const schema = toJsonSchema(query, 'input') as { properties?: Record<string, { description?: string }>; required?: string[] };
  return Object.entries(schema.properties ?? {}).map(([name, { description, ...type }]) => ({
    name,
    in: 'query',
    required: schema.required?.includes(name) ?? false,
    ...(description && { description }),
    schema: type,
  }));
}

/** What a schema turns into has no JSON form (a Date, say) is described as anything. */
function toJsonSchema(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'trace_id'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', description: 'Stable; see docs/errors.md.' },
    trace_id: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'detail'],
        properties: { pointer: { type: 'string', description: 'A JSON pointer into the body, or / and the name of a query parameter.' }, detail: { type: 'string' } },
      },
    },
  },
};
