import { Body, Param, Query, type PipeTransform } from '@nestjs/common';
import type { Fault } from '@sluice/kernel';
import { z } from 'zod';
import { httpErrors } from './errors';
import { pointerTo } from './pointer';
import { unstorableParts } from './unstorable';

export const ROUTE_DOC = 'sluice:route-doc';

/** What is known about a route from its decorators; OpenAPI is written from it. */
export interface RouteDoc {
  summary?: string;
  body?: z.ZodType;
  query?: z.ZodObject;
  pathIds?: string[];
  /** Takes an If-Match header. */
  ifMatch?: boolean;
  status?: number;
  answer?: { schema: z.ZodType; list: boolean };
}

const MAX_ID = 2_147_483_647;
const idSchema = z.string().regex(/^[1-9]\d{0,9}$/).transform(Number).refine((id) => id <= MAX_ID);

/** The request's body, checked by a schema. */
export function ZodBody(schema: z.ZodType): ParameterDecorator {
  return documented({ body: schema }, Body(new ZodPipe(schema, 'Send a JSON object.')));
}

/** The query's parameters, checked by a schema. */
export function ZodQuery(schema: z.ZodObject): ParameterDecorator {
  return documented({ query: schema }, Query(new ZodPipe(schema, 'Send query parameters.')));
}

/** An integer id in the path. What cannot be an id is an address where there is nothing. */
export function PathId(name = 'id'): ParameterDecorator {
  return (target, key, index) => {
    const doc = docOf(target, key!);
    doc.pathIds = [name, ...(doc.pathIds ?? [])];
    Param(name, { transform: toId })(target, key, index);
  };
}

/** Documents a route: its summary and what it answers inside `data`. `status` only documents; use @HttpCode to set it. */
export function Answers(summary: string, schema?: z.ZodType, options: { list?: boolean; status?: number } = {}): MethodDecorator {
  return (target, key) => {
    Object.assign(docOf(target, key), { summary, status: options.status, answer: schema && { schema, list: options.list ?? false } });
  };
}

export class ZodPipe implements PipeTransform {
  constructor(
    private readonly schema: z.ZodType,
    private readonly expectation: string,
  ) {}

  transform(value: unknown): unknown {
    const unstorable = unstorableParts(value);
    if (unstorable.length > 0) throw new httpErrors.invalidRequest({}, { faults: unstorable });
    const result = this.schema.safeParse(value);
    if (result.success) return result.data;
    throw new httpErrors.invalidRequest({}, { faults: faultsOf(result.error, this.expectation) });
  }
}

/** Every issue as a JSON pointer and a sentence; an unknown member is named itself. */
export function faultsOf(error: z.ZodError, expectation = 'Send a JSON object.'): Fault[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ pointer: pointerTo([...issue.path, key]), message: 'There is no such member.' }));
    const message = issue.path.length === 0 && issue.code === 'invalid_type' ? expectation : issue.message;
    return [{ pointer: pointerTo(issue.path), message }];
  });
}

export function docOf(target: object, key: string | symbol): RouteDoc {
  const known = Reflect.getOwnMetadata(ROUTE_DOC, target, key) as RouteDoc | undefined;
  if (known) return known;
  const doc: RouteDoc = {};
  Reflect.defineMetadata(ROUTE_DOC, doc, target, key);
  return doc;
}

function documented(part: RouteDoc, decorate: ParameterDecorator): ParameterDecorator {
  return (target, key, index) => {
    Object.assign(docOf(target, key!), part);
    decorate(target, key, index);
  };
}

function toId(value: unknown): number {
  const id = idSchema.safeParse(value);
  if (!id.success) throw new httpErrors.routeNotFound();
  return id.data;
}
