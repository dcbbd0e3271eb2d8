import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Stands before a Redis. While it is deaf, connections that have subscribed get nothing; what was said meanwhile is lost. */
export class DeafeningProxy {
  deaf = false;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {}

  static async start(redisUrl: string): Promise<DeafeningProxy> {
    const server = createServer();
    const proxy = new DeafeningProxy(server, new URL(redisUrl));
    server.on('connection', (client) => proxy.join(client));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.server.address() as AddressInfo).port}${this.target.pathname}`;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(client: Socket): void {
    const redis = connect(Number(this.target.port), this.target.hostname);
    let subscribed = false;
    client.on('data', (bytes) => {
      subscribed ||= /subscribe/i.test(bytes.toString('latin1'));
      redis.write(bytes);
    });
    redis.on('data', (bytes) => {
      if (!(this.deaf && subscribed)) client.write(bytes);
    });
    for (const [one, other] of [[client, redis], [redis, client]] as const) {
      one.setNoDelay(true);
      this.sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        other.destroy();
        this.sockets.delete(one);
      });
    }
  }
}
