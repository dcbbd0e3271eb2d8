import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { SluiceError } from '@sluice/kernel';
import { answerRaw } from './answer-raw';
import { ClientConnection } from './client-connection';
import { requestErrors, statusOf } from './request-errors';
import { newRequestId } from './request-identity';
import { toProblem } from './problem';

/** What Node tells of bytes that it could not read. */
export interface ClientError extends NodeJS.ErrnoException {
  /** The bytes that were being read, and how many of them were understood. */
  rawPacket?: unknown;
  bytesParsed?: number;
  reason?: string;
}

const REFUSED = Symbol('refused');
type AnsweringSocket = Socket & { _httpMessage?: ServerResponse | null; [REFUSED]?: true };

/** A version that is written well; the code says the same of a line that ends badly behind it. */
const UNKNOWN_VERSION = 'Invalid HTTP version';
const REQUEST_LINE_BEGINS = /^[A-Z-]+ [^ ]*$/;
const LINE_FEED = 0x0a;
const SPACE = 0x20;

/**
 * Answers bytes that Node could not read as a request, and closes the connection: where the next request begins cannot be known.
 * While another answer is on its way nothing is written, since it would be taken for that answer or a part of it.
 */
export function answerClientError(error: ClientError, socket: Socket): void {
  const known: AnsweringSocket = socket;
  // What comes after such bytes is no better.
  if (known[REFUSED]) return;
  known[REFUSED] = true;
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const answering = known._httpMessage;
  // Refused already, while its body was still coming.
  if (answering?.headersSent && ClientConnection.of(socket)?.isLeaving && !answering.req.complete) answering.end();
  if (answering && (answering.req.complete || answering.writableEnded)) return closeAfter(answering, socket);
  if (answering?.headersSent) return void socket.destroy();
  const refusal = errorOf(error);
  answerRaw(socket, toProblem(refusal, newRequestId(), statusOf(refusal)));
}

/** These bytes came behind a request that was whole, or that is answered already. The answer goes out, and nothing more is read. */
function closeAfter(answering: ServerResponse, socket: Socket): void {
  socket.pause();
  answering.shouldKeepAlive = false;
  answering.once('close', () => socket.destroySoon());
}

function errorOf({ code, reason, rawPacket, bytesParsed }: ClientError): SluiceError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return Buffer.isBuffer(rawPacket) && isInTarget(rawPacket.subarray(0, bytesParsed)) ? new requestErrors.urlTooLong() : new requestErrors.headTooLarge();
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new requestErrors.chunkTooLarge();
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new requestErrors.tooSlow();
    case 'HPE_INVALID_VERSION':
      return reason === UNKNOWN_VERSION ? new requestErrors.versionNotSupported() : new requestErrors.malformed();
    case 'HPE_PAUSED_H2_UPGRADE':
      return new requestErrors.versionNotSupported();
    default:
      return new requestErrors.malformed();
  }
}

/** Whether the head became too large before its first line was over, as far as the last packet shows. */
function isInTarget(parsed: Buffer): boolean {
  if (parsed.includes(LINE_FEED)) return false;
  return !parsed.includes(SPACE) || REQUEST_LINE_BEGINS.test(parsed.toString('latin1'));
}
