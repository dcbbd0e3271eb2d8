import { createServer, type Server, type Socket } from 'node:net';
import { DeadlineList } from '../grpc/deadline-list';
import { Status } from '../grpc/status';
import type { RequestStart } from './request-blocks';
import { type MethodDefinition, type Respond, ServerCall } from './server-call';
import { ServerConnection } from './server-connection';
import type { ServerStream } from './server-stream';

type Handler = (call: ServerCall, respond: Respond) => void;

export interface LaneServerOptions {
  /** The largest message that is taken, in bytes. */
  maxMessageBytes: number;
  /** How many calls one client may have open at once; it is told, and more are refused. Default 20,000. */
  maxConcurrentStreams?: number;
}

const MAX_CONCURRENT_STREAMS = 20_000;

/** A gRPC server on a unix socket: unary calls and streams in either direction, with the handlers of @grpc/grpc-js. */
export class LaneServer {
  private readonly methods = new Map<string, { definition: MethodDefinition; handler: Handler }>();
  private readonly deadlines = new DeadlineList();
  private readonly connections = new Set<ServerConnection>();
  private readonly server: Server;

  constructor(private readonly options: LaneServerOptions) {
    this.server = createServer((socket) => this.accept(socket));
  }

  /** Adds the methods of a generated service definition. A method without a handler answers UNIMPLEMENTED. */
  addService(service: object, handlers: object): void {
    for (const [name, definition] of Object.entries(service) as [string, MethodDefinition][]) {
      const handler = (handlers as Record<string, Handler | undefined>)[name];
      if (handler) this.methods.set(definition.path, { definition, handler });
    }
  }

  /** Rejects when the socket cannot be made. */
  listen(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(path, () => {
        this.server.off('error', reject);
        resolve();
      });
    });
  }

  /** Ends every call and connection at once. */
  close(): void {
    this.server.close();
    for (const connection of this.connections) connection.close('The server is closed.');
    this.deadlines.clear();
  }

  private accept(socket: Socket): void {
    const connection = new ServerConnection(socket, {
      deadlines: this.deadlines,
      maxMessageBytes: this.options.maxMessageBytes,
      maxConcurrentStreams: this.options.maxConcurrentStreams ?? MAX_CONCURRENT_STREAMS,
      onRequest: (stream, start) => this.begin(stream, start),
      onClosed: (closed) => this.connections.delete(closed),
    });
    this.connections.add(connection);
  }

  private begin(stream: ServerStream, { path }: RequestStart): void {
    const method = this.methods.get(path);
    if (!method) return stream.fail(Status.UNIMPLEMENTED, `The server does not implement the method ${path}`);
    const call = new ServerCall(stream, method.definition, method.handler, 'unix');
    stream.listener = call;
    // The handler of a request stream listens before the first message comes.
    if (method.definition.requestStream) call.start();
  }
}
