import { createServer, type Http2Session, type ServerHttp2Stream, type Settings } from 'node:http2';
import { frameMessage } from '../../grpc/frame-message';
import { encodeMessage } from '../../grpc/percent-decoding';
import { answerOf, planOf } from './plan';
import type { PlanServer } from './servers';

const PREFIX_BYTES = 5;

/** Does what plans say with node:http2 alone, whose windows, frames and padding can be chosen. */
export async function startHttp2Server(path: string, settings: Settings, paddingStrategy: number): Promise<PlanServer> {
  // By itself it resets the streams of a session that holds more than 10 MB.
  const server = createServer({ settings, paddingStrategy, maxSessionMemory: 1_000 });
  const sessions = new Set<Http2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session)).on('error', () => undefined);
  });
  server.on('stream', (stream, { ':path': method }) => {
    const parts: Buffer[] = [];
    stream.on('error', () => undefined);
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.on('end', () => answer(stream, Buffer.concat(parts).subarray(PREFIX_BYTES), method === '/test.Plan/Stream'));
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve));
  return {
    close: () => {
      for (const session of sessions) session.destroy();
      server.close();
    },
  };
}

function answer(stream: ServerHttp2Stream, request: Buffer, streams: boolean): void {
  if (stream.destroyed) return;
  const plan = planOf(request);
  const trailers = { ...plan.trailers, 'grpc-status': String(plan.status), ...(plan.message && { 'grpc-message': encodeMessage(plan.message) }) };
  const headers = { ':status': 200, 'content-type': 'application/grpc+proto', ...plan.headers };
  if (Object.keys(plan.headers).length > 1) stream.additionalHeaders({ ':status': 103, link: '</style.css>' });
  const sizes = streams || plan.status === 0 ? plan.answers : [];
  if (sizes.length === 0 && !plan.hangs && plan.message !== '') return stream.respond({ ...headers, ...trailers }, { endStream: true });
  stream.respond(headers, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  for (const [number, bytes] of sizes.entries()) if (streams || !plan.hangs) stream.write(frameMessage(answerOf(request, number, bytes)));
  if (!plan.hangs) stream.end();
}
