import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { toProblem, PROBLEM_TYPE, type Problem } from './problem';
import { requestErrors } from './request-errors';
import { newRequestId } from './request-identity';

const REASONS: Readonly<Record<number, string>> = { 400: 'Bad Request', 408: 'Request Timeout', 431: 'Request Header Fields Too Large' };

/**
 * Answers bytes that Node could not read as a request, and closes the connection: where the next request begins cannot be known.
 * While an answer is on its way nothing is written, since it would be taken for a part of that answer.
 */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  const answering = (socket as Socket & { _httpMessage?: ServerResponse | null })._httpMessage;
  if (error.code === 'ECONNRESET' || !socket.writable || answering?.headersSent) return void socket.destroy();
  // Lingers no longer than it takes to send: what the client still writes is not read.
  socket.end(toMessage(problemOf(error.code)), () => socket.destroy());
}

function problemOf(code: string | undefined): Problem {
  const id = newRequestId();
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return toProblem(new requestErrors.headTooLarge(), id, 431);
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return toProblem(new requestErrors.tooSlow(), id, 408);
    default:
      return toProblem(new requestErrors.malformed(), id);
  }
}

function toMessage(problem: Problem): string {
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${REASONS[problem.status]}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Connection: close',
    `X-Request-Id: ${problem.trace_id}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
