import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { etagOf, type SnapshotIdentity } from '../snapshots/snapshot-tag';
import type { SampleRevision } from './sample-namespace';

export interface ServedRequest {
  url: string;
  authorization: string;
  ifNoneMatch: string | undefined;
  prefer: string | undefined;
  status: number;
}

/** The studio's HTTP side, as far as a gateway sees it. It can go away and come back on the same port. */
export class SnapshotServer {
  readonly requests: ServedRequest[] = [];
  /** Whether it holds answers back when it is asked to. */
  waits = false;
  /** Whether it still has deltas. */
  hasDeltas = true;
  private serving: { header: SnapshotIdentity; body: Buffer } | undefined;
  private readonly revisions: SampleRevision[] = [];
  private readonly waiting = new Set<() => void>();
  private server: Server | undefined;
  private port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** A whole snapshot of format 1, or a revision of format 2. */
  serve(snapshot: { header: SnapshotIdentity; body: Buffer } | SampleRevision): void {
    if ('body' in snapshot) this.serving = snapshot;
    else {
      this.revisions.push(snapshot);
      this.serving = { header: snapshot.signed.header, body: snapshot.index };
    }
    for (const wake of this.waiting) wake();
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => void this.answer(request, response));
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

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://studio');
    const { authorization = '', 'if-none-match': ifNoneMatch, prefer } = request.headers;
    const known = () => this.serving !== undefined && ifNoneMatch === etagOf(this.serving.header);
    const log: ServedRequest = { url: request.url ?? '', authorization, ifNoneMatch, prefer: prefer as string | undefined, status: 0 };
    this.requests.push(log);
    const wait = this.waits ? /^wait=(\d+)$/.exec(String(prefer))?.[1] : undefined;
    if (wait !== undefined && known()) await this.news(Number(wait) * 1_000);
    const part = this.part(pathname, searchParams);
    log.status = authorization !== 'Bearer join' ? 401 : part === undefined ? 404 : known() ? 304 : 200;
    if (this.serving) response.setHeader('etag', etagOf(this.serving.header));
    if (wait !== undefined) response.setHeader('preference-applied', `wait=${wait}`);
    response.writeHead(log.status).end(log.status === 200 ? part : undefined);
  }

  private part(path: string, query: URLSearchParams): Buffer | undefined {
    const revision = Number(query.get('revision'));
    const chunk = /\/chunks\/([0-9a-f]{2})$/.exec(path);
    if (chunk) return this.revisions.find(({ signed }) => signed.header.revision === revision)?.chunk(parseInt(chunk[1]!, 16));
    if (!path.endsWith('/deltas')) return this.serving?.body;
    const after = this.revisions.filter(({ signed }) => signed.header.revision > Number(query.get('after')));
    return this.hasDeltas && after.length > 0 ? Buffer.concat(after.flatMap(({ delta }) => [delta, Buffer.from('\n')])) : undefined;
  }

  private news(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, timeoutMs);
      this.waiting.add(wake);
    });
  }
}
