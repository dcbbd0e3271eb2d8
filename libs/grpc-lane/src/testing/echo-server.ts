import { Metadata, type sendUnaryData, Server, ServerCredentials, type ServerDuplexStream, type ServerUnaryCall, type ServerWritableStream } from '@grpc/grpc-js';
import { Status } from '../grpc/status';
import { LaneServer } from '../server/lane-server';

const bytes = {
  requestSerialize: (value: Buffer) => value,
  requestDeserialize: (value: Buffer) => value,
  responseSerialize: (value: Buffer) => value,
  responseDeserialize: (value: Buffer) => value,
};

/** Messages are bytes. */
export const ECHO_SERVICE = {
  echo: { path: '/test.Echo/Echo', requestStream: false, responseStream: false, ...bytes },
  fail: { path: '/test.Echo/Fail', requestStream: false, responseStream: false, ...bytes },
  hang: { path: '/test.Echo/Hang', requestStream: false, responseStream: false, ...bytes },
  /** Takes `[messages, bytes of each]`; each message is full of its number. */
  count: { path: '/test.Echo/Count', requestStream: false, responseStream: true, ...bytes },
  chat: { path: '/test.Echo/Chat', requestStream: true, responseStream: true, ...bytes },
};

export const SERVERS = ['@grpc/grpc-js', 'the lane'] as const;

export interface EchoServer {
  /** Settled when a call was cancelled for the first time. */
  cancelled: Promise<void>;
  close(): void;
}

/** A server on a unix socket with the same handlers, whichever library carries it. */
export async function startEchoServer(kind: (typeof SERVERS)[number], path: string): Promise<EchoServer> {
  let onCancelled = () => undefined as void;
  const cancelled = new Promise<void>((resolve) => (onCancelled = resolve));
  const handlers = echoHandlers(() => onCancelled());
  if (kind === 'the lane') {
    const server = new LaneServer({ maxMessageBytes: Infinity });
    server.addService(ECHO_SERVICE, handlers);
    await server.listen(path);
    return { cancelled, close: () => server.close() };
  }
  const server = new Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 });
  server.addService(ECHO_SERVICE, handlers);
  await new Promise<void>((resolve, reject) => server.bindAsync(`unix:${path}`, ServerCredentials.createInsecure(), (error) => (error ? reject(error) : resolve())));
  return { cancelled, close: () => server.forceShutdown() };
}

function echoHandlers(onCancelled: () => void) {
  return {
    echo: (call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>) => callback(null, call.request),
    fail: (_call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>) =>
      callback({ code: Status.NOT_FOUND, details: 'nicht da: 100 % ä', metadata: new Metadata() }),
    hang: (call: ServerUnaryCall<Buffer, Buffer>) => void call.on('cancelled', onCancelled),
    count: (call: ServerWritableStream<Buffer, Buffer>) => {
      const [messages, size] = JSON.parse(call.request.toString()) as [number, number];
      let sent = 0;
      const more = () => {
        while (sent < messages) if (!call.write(Buffer.alloc(size, sent++ & 0xff))) return void call.once('drain', more);
        call.end();
      };
      call.on('cancelled', onCancelled);
      more();
    },
    chat: (call: ServerDuplexStream<Buffer, Buffer>) => {
      call.on('data', (message: Buffer) => call.write(message));
      call.on('end', () => call.end());
      call.on('error', () => undefined);
    },
  };
}
