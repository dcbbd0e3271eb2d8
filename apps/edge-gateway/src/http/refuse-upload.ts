import type { IncomingMessage, ServerResponse } from 'node:http';
import { leaveAfter } from './client-connection';
import { PROBLEM_TYPE, type Problem } from './problem';
import type { RequestHead } from './request-head';

const LINGER_MS = 1_000;
/** A body of this size is read to its end, so that the connection can be used again. */
const SMALL_BODY_BYTES = 65_536;

/**
 * Whether a request that is answered now has a body that nobody would read: one that is large, has no known end, or that the client only sends when it is
 * asked to, so that it cannot be known whether it comes.
 */
export function leavesBodyUnread(req: IncomingMessage, head: RequestHead): boolean {
  return head.hasBody && !req.complete && (head.expectsContinue || head.transferEncoding !== undefined || head.contentLength > SMALL_BODY_BYTES);
}

/**
 * Answers while the client is still sending and then closes the connection. What still arrives is thrown away for a moment
 * first: a connection that is closed with unread data in it is reset, and the client would never see the answer.
 */
export function refuseUpload(req: IncomingMessage, res: ServerResponse, problem: Problem, headers: readonly string[]): void {
  if (res.headersSent || res.destroyed) return;
  leaveAfter(res);
  const body = Buffer.from(JSON.stringify(problem));
  res.writeHead(problem.status, ['Content-Type', PROBLEM_TYPE, 'Content-Length', String(body.length), 'Cache-Control', 'no-store', ...headers]);
  res.write(body);
  const timer = setTimeout(() => res.end(), LINGER_MS);
  const end = () => {
    clearTimeout(timer);
    res.end();
  };
  req.once('end', end);
  res.once('close', end);
  req.resume();
}
