import type { IncomingMessage, ServerResponse } from 'node:http';
import { PROBLEM_TYPE, type Problem } from './problem';

const LINGER_MS = 1_000;

/**
 * Answers while the client is still sending and then closes the connection. What still arrives is thrown away for a moment
 * first: a connection that is closed with unread data in it is reset, and the client would never see the answer.
 */
export function refuseUpload(req: IncomingMessage, res: ServerResponse, problem: Problem, headers: readonly string[]): void {
  if (res.headersSent || res.destroyed) return;
  const body = Buffer.from(JSON.stringify(problem));
  res.writeHead(problem.status, ['Content-Type', PROBLEM_TYPE, 'Content-Length', String(body.length), 'Cache-Control', 'no-store', 'Connection', 'close', ...headers]);
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
