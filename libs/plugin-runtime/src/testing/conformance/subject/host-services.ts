import { type AddressInfo, createServer, type Server as SocketServer, type Socket } from 'node:net';
import { type ClientDuplexStream, Server, ServerCredentials, status as Status, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { AIStudioManagementServiceService } from '@sluice/contracts/ai-studio-management';
import type { ConnInfo } from '@sluice/contracts/go-plugin';
import { MicrogatewayManagementServiceService } from '@sluice/contracts/microgateway-management';
import { PluginEventServiceService } from '@sluice/contracts/plugin-events';
import { systemClock } from '@sluice/kernel';
import { ConnectionAnnouncer } from '../../../broker/connection-announcer';
import { SERVICE_BROKER_ID } from '../../../broker/open-broker';

const MAX_RECEIVE_BYTES = 16 * 1024 * 1024;
type Answer = (error: object | null, value?: object) => void;

/** The host's side of the broker, with as much of the Service API as shows whether a plugin reaches it. Its connections can be dropped. */
export class HostServices {
  /** Connections that the plugin has made so far. */
  connections = 0;
  /** Calls that have arrived so far. */
  calls = 0;
  private readonly sockets = new Set<Socket>();
  private readonly announcer: ConnectionAnnouncer;

  private constructor(
    private readonly grpc: Server,
    private readonly listener: SocketServer,
    private readonly announcements: { stream: ClientDuplexStream<ConnInfo, ConnInfo>; socketPath: string } | undefined,
  ) {
    this.announcer = new ConnectionAnnouncer(systemClock, () => this.announce(SERVICE_BROKER_ID));
  }

  /** For a plugin that the kit starts: on a socket that is announced on its broker stream. */
  static listen(socketPath: string, stream: ClientDuplexStream<ConnInfo, ConnInfo>, credentials: ServerCredentials): Promise<HostServices> {
    return HostServices.open(socketPath, credentials, { stream, socketPath });
  }

  /** For a plugin that runs elsewhere: on a port of this machine, which it is told in `Initialize`. */
  static listenOnPort(): Promise<HostServices> {
    return HostServices.open({ host: '127.0.0.1', port: 0 }, ServerCredentials.createInsecure());
  }

  /** `host:port`, where it listens on a port. */
  get address(): string {
    const { address, port } = this.listener.address() as AddressInfo;
    return `${address}:${port}`;
  }

  private static async open(at: string | { host: string; port: number }, credentials: ServerCredentials, announcements?: { stream: ClientDuplexStream<ConnInfo, ConnInfo>; socketPath: string }): Promise<HostServices> {
    const grpc = new Server({ 'grpc.max_receive_message_length': MAX_RECEIVE_BYTES, 'grpc.max_send_message_length': -1, 'grpc.enable_channelz': 0 });
    const injector = grpc.createConnectionInjector(credentials);
    const listener = createServer();
    const services = new HostServices(grpc, listener, announcements);
    services.serve();
    listener.on('connection', (socket) => {
      services.arrived(socket);
      injector.injectConnection(socket);
    });
    await new Promise<void>((resolve, reject) => listener.once('error', reject).listen(at, resolve));
    return services;
  }

  /** Announces as a host does: at once, every 2 s, and again when a connection drops. */
  startAnnouncing(): void {
    if (this.announcements) this.announcer.start();
  }

  /** One announcement, of whatever id. */
  announce(serviceId: number): void {
    if (!this.announcements?.stream.writable) return;
    const { stream, socketPath } = this.announcements;
    stream.write({ serviceId, network: 'unix', address: socketPath, knock: undefined });
  }

  dropConnections(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.announcer.stop();
    this.grpc.forceShutdown();
    this.dropConnections();
    await new Promise<void>((resolve) => this.listener.close(() => resolve()));
  }

  private arrived(socket: Socket): void {
    this.connections += 1;
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.sockets.delete(socket);
      this.announcer.disconnected();
    });
  }

  private serve(): void {
    const values = new Map<string, Buffer>();
    const unary = (answer: (request: { key: string; value: Buffer }) => object) => (call: { request: { key: string; value: Buffer } }, reply: Answer) => {
      this.calls += 1;
      reply(null, answer(call.request));
    };
    const management = {
      listApps: unary(() => ({ apps: [], totalCount: 0n })),
      readPluginKv: (call: { request: { key: string } }, reply: Answer) => {
        this.calls += 1;
        const value = values.get(call.request.key);
        reply(value ? null : { code: Status.NOT_FOUND, details: 'key not found' }, value ? { value } : undefined);
      },
      writePluginKv: unary(({ key, value }) => ({ created: values.set(key, value).size > 0 })),
      deletePluginKv: unary(({ key }) => ({ deleted: values.delete(key) })),
    };
    // What is not here is answered with UNIMPLEMENTED, as by a host that does not have it.
    this.grpc.addService(MicrogatewayManagementServiceService, management as unknown as UntypedServiceImplementation);
    this.grpc.addService(AIStudioManagementServiceService, management as unknown as UntypedServiceImplementation);
    this.grpc.addService(PluginEventServiceService, {
      publish: unary(() => ({ success: true, errorMessage: '', eventId: 'conformance' })),
      unsubscribe: unary(() => ({ success: true, errorMessage: '' })),
      subscribe: () => void (this.calls += 1),
    } as unknown as UntypedServiceImplementation);
  }
}
