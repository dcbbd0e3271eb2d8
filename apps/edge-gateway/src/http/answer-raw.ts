import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { PROBLEM_TYPE, type Problem } from './problem';

/** What the client still writes is thrown away for this long: a connection that is closed with unread data in it is reset, and the answer is lost. */
const LINGER_MS = 500;

/** Answers where there is no response object to answer with, and closes the connection. */
export function answerRaw(socket: Duplex, problem: Problem): void {
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
  // The client has closed its side as well, and nothing is under way any more.
  socket.once('end', () => socket.destroy());
  socket.end(toMessage(problem));
  socket.resume();
}

function toMessage(problem: Problem): string {
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Connection: close',
    `X-Request-Id: ${problem.trace_id}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
