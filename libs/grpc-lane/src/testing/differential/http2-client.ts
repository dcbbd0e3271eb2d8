import { type ClientHttp2Session, type ClientHttp2Stream, connect as connectHttp2, constants, type IncomingHttpHeaders, type Settings } from 'node:http2';
import { connect } from 'node:net';
import { frameMessage } from '../../grpc/frame-message';
import { type MessageListener, MessageReader } from '../../grpc/message-reader';
import { decodeMessage } from '../../grpc/percent-decoding';
import { Status } from '../../grpc/status';
import { encodeTimeout } from '../../grpc/timeout';
import type { Outcome, PlanClient } from './outcome';
import type { PlannedCall } from './random-call';

/** Makes planned calls with node:http2 alone, whose windows, frames and padding can be chosen. */
export function http2Client(path: string, settings: Settings, paddingStrategy: number): PlanClient {
  const session = connectHttp2('http://localhost', { createConnection: () => connect(path), settings, paddingStrategy, maxSessionMemory: 1_000 });
  session.on('error', () => undefined);
  return { call: (planned) => call(session, planned), close: () => session.destroy() };
}

function call(session: ClientHttp2Session, { request, streams, deadlineMs, cancelAfter }: PlannedCall): Promise<Outcome> {
  const stream = session.request({
    ':method': 'POST',
    ':path': streams ? '/test.Plan/Stream' : '/test.Plan/Unary',
    'content-type': 'application/grpc',
    te: 'trailers',
    'grpc-timeout': encodeTimeout(deadlineMs),
  });
  stream.end(frameMessage(request));
  return new Promise((resolve) => {
    const answers: Buffer[] = [];
    let status: IncomingHttpHeaders = {};
    const keepStatus = (headers: IncomingHttpHeaders) => (status = 'grpc-status' in headers ? headers : status);
    const cancel = () => {
      stream.close(constants.NGHTTP2_CANCEL);
      resolve({ status: Status.CANCELLED, message: '', answers: answers.slice(0, cancelAfter) });
    };
    stream.on('response', keepStatus).on('trailers', keepStatus).on('error', () => undefined);
    readMessages(stream, { onMessage: (message) => void (answers.push(message) === cancelAfter && cancel()) });
    stream.on('close', () => resolve({ status: Number(status['grpc-status'] ?? Status.UNAVAILABLE), message: decodeMessage(String(status['grpc-message'] ?? '')), answers }));
    if (cancelAfter === 0) setImmediate(cancel);
  });
}

function readMessages(stream: ClientHttp2Stream, listener: MessageListener): void {
  const reader = new MessageReader(Infinity);
  stream.on('data', (part: Buffer) => reader.read(part, 0, part.length, listener));
}
