import { type AddressInfo, createServer, type Server as SocketServer, type Socket } from 'node:net';
import { Server, ServerCredentials, type ServerInterceptor, type ServiceDefinition, type UntypedServiceImplementation } from '@grpc/grpc-js';

/** KV values may have 5 MB; the contract asks for at least 16 MiB. */
const MAX_RECEIVE_BYTES = 16 * 1024 * 1024;
/** SDKs use one connection each; a plugin that opens more and more would use up the file descriptors of its host. */
export const MAX_CONNECTIONS = 16;
/** Event subscriptions included. What a client starts beyond that waits on its own side. */
export const MAX_CALLS_PER_CONNECTION = 256;

export interface BrokerService {
  definition: ServiceDefinition;
  implementation: UntypedServiceImplementation;
}

export interface BrokerServerOptions {
  /** A socket's path, or an address of this machine. */
  at: string | { host: string; port: number };
  services: readonly BrokerService[];
  /** Default: whoever reaches the socket is the plugin. */
  credentials?: ServerCredentials;
  interceptors?: ServerInterceptor[];
  /** Default: {@link MAX_CONNECTIONS}. */
  maxConnections?: number;
  onConnect?(): void;
  onDisconnect?(): void;
}

/** A gRPC server that plugins reach their host on. */
export class BrokerServer {
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly grpc: Server,
    private readonly listener: SocketServer,
  ) {}

  static async listen({ at, services, credentials = ServerCredentials.createInsecure(), interceptors = [], maxConnections = MAX_CONNECTIONS, onConnect, onDisconnect }: BrokerServerOptions): Promise<BrokerServer> {
    const grpc = new Server({
      'grpc.max_receive_message_length': MAX_RECEIVE_BYTES,
      'grpc.max_send_message_length': -1,
      'grpc.max_concurrent_streams': MAX_CALLS_PER_CONNECTION,
      'grpc.enable_channelz': 0,
      interceptors,
    });
    for (const { definition, implementation } of services) grpc.addService(definition, implementation);
    // The server gets its connections handed in, because grpc-js does not tell when one comes or goes.
    const injector = grpc.createConnectionInjector(credentials);
    const listener = createServer();
    listener.maxConnections = maxConnections;
    const broker = new BrokerServer(grpc, listener);
    listener.on('connection', (socket) => {
      broker.sockets.add(socket);
      onConnect?.();
      socket.on('error', () => undefined);
      socket.once('close', () => {
        broker.sockets.delete(socket);
        onDisconnect?.();
      });
      injector.injectConnection(socket);
    });
    // Stays for good: a connection that could not be accepted is its plugin's loss, and must not end the host.
    await new Promise<void>((resolve, reject) => listener.on('error', reject).listen(at, resolve));
    return broker;
  }

  /** Where it listens; 0 on a socket. */
  get port(): number {
    return (this.listener.address() as AddressInfo | null)?.port ?? 0;
  }

  /** Ends every call and connection. The socket file goes with the plugin's directory. */
  async close(): Promise<void> {
    this.grpc.forceShutdown();
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.listener.close(() => resolve()));
  }
}
