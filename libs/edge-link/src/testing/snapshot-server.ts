import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { etagOf, type SnapshotIdentity } from '../snapshots/snapshot-tag';

/** The studio's HTTP side, as far as a gateway sees it. It can go away and come back on the same port. */
export class SnapshotServer {
  readonly requests: { url: string; authorization: string; ifNoneMatch: string | undefined; status: number }[] = [];
  private serving: { header: SnapshotIdentity; body: Buffer } | undefined;
  private server: Server | undefined;
  private port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  serve(snapshot: { header: SnapshotIdentity; body: Buffer }): void {
    this.serving = snapshot;
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      const etag = this.serving && etagOf(this.serving.header);
      const ifNoneMatch = request.headers['if-none-match'];
      const status = request.headers.authorization !== 'Bearer join' ? 401 : etag === undefined ? 404 : ifNoneMatch === etag ? 304 : 200;
      this.requests.push({ url: request.url ?? '', authorization: request.headers.authorization ?? '', ifNoneMatch, status });
      if (etag !== undefined) response.setHeader('etag', etag);
      response.writeHead(status).end(status === 200 ? this.serving?.body : undefined);
    });
    this.server = server;
    server.listen(this.port, '127.0.0.1');
    await once(server, 'listening');
    this.port = (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = undefined;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }
}
