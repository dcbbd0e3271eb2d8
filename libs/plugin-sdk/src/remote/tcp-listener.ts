import { type AddressInfo, createServer, type Server as SocketServer, type Socket } from 'node:net';
import type { Server, ServerCredentials } from '@grpc/grpc-js';

export interface TcpListenerOptions {
  grpc: Server;
  credentials: ServerCredentials;
  host: string;
  port: number;
  /** `peer` is what a call's `getPeer` says of the connection. */
  onConnect(peer: string): void;
  onDisconnect(peer: string): void;
}

/** Connections of hosts. grpc-js gets them handed in, because it does not tell when one is gone. */
export class TcpListener {
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly listener: SocketServer) {}

  static async listen({ grpc, credentials, host, port, onConnect, onDisconnect }: TcpListenerOptions): Promise<TcpListener> {
    const injector = grpc.createConnectionInjector(credentials);
    const listener = createServer();
    const open = new TcpListener(listener);
    listener.on('connection', (socket) => {
      const peer = `${socket.remoteAddress}:${socket.remotePort}`;
      open.sockets.add(socket);
      onConnect(peer);
      socket.setNoDelay(true);
      socket.setKeepAlive(true, 30_000);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        open.sockets.delete(socket);
        onDisconnect(peer);
      });
      injector.injectConnection(socket);
    });
    await new Promise<void>((resolve, reject) => listener.on('error', reject).listen({ host, port }, resolve));
    return open;
  }

  get address(): string {
    const { address, family, port } = this.listener.address() as AddressInfo;
    return family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.listener.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}
