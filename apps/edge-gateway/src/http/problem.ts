import type { ServerResponse } from 'node:http';
import { HTTP_STATUS, type SluiceError } from '@sluice/kernel';

/** RFC 9457, and `error` with the same sentence for clients that know only that. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  trace_id: string;
  error: string;
}

export const PROBLEM_TYPE = 'application/problem+json';

/** `title` is the same for every occurrence of a code, `detail` is about this one. */
export function toProblem(error: SluiceError, traceId: string, status: number = HTTP_STATUS[error.kind]): Problem {
  return {
    type: `urn:sluice:error:${error.code}`,
    title: error.definition.message,
    status,
    detail: error.message,
    code: error.code,
    trace_id: traceId,
    error: error.message,
  };
}

/** Answers with the problem. `headers` are names and values in turn. Does nothing once an answer has begun. */
export function sendProblem(res: ServerResponse, problem: Problem, headers: readonly string[] = []): void {
  if (res.headersSent || res.destroyed) return;
  const body = Buffer.from(JSON.stringify(problem));
  res.writeHead(problem.status, ['Content-Type', PROBLEM_TYPE, 'Content-Length', String(body.length), 'Cache-Control', 'no-store', ...headers]);
  res.end(body);
}
