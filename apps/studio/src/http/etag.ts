import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { httpErrors } from './errors';
import { docOf } from './zod';

/** The versions that a client is willing to change; null when it did not say. */
export type ExpectedVersions = readonly number[] | null;

/** The strong ETag of a row, from the counter that every write of it raises. */
export function etagOf(version: number): string {
  return `"${version}"`;
}

/** Answers one thing with its ETag. */
export function tagged<T>(reply: FastifyReply, version: number, data: T): { data: T } {
  void reply.header('etag', etagOf(version));
  return { data };
}

/** If-Match as a parameter. A service hands it to `checkVersion` inside its transaction, with the row locked. */
export function IfMatch(): ParameterDecorator {
  return (target, key, index) => {
    docOf(target, key!).ifMatch = true;
    ReadIfMatch()(target, key, index);
  };
}

const ReadIfMatch = createParamDecorator((_: unknown, host: ExecutionContext) => readIfMatch(host.switchToHttp().getRequest<FastifyRequest>().headers['if-match']));

/** Weak tags and strings that we never gave out match nothing, as RFC 9110 has it for If-Match. */
export function readIfMatch(header: string | undefined): ExpectedVersions {
  if (header === undefined || header.trim() === '*') return null;
  return header.split(',').flatMap((tag) => {
    const version = /^"(\d{1,10})"$/.exec(tag.trim())?.[1];
    return version === undefined ? [] : [Number(version)];
  });
}

export function checkVersion(expected: ExpectedVersions, version: number): void {
  if (expected !== null && !expected.includes(version)) throw new httpErrors.preconditionFailed({ expected, version });
}
