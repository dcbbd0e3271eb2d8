import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { sha256 } from '../digest';
import { EMPTY_CONFIG_TYPE, MANIFEST_TYPES, PROGRAM_TYPE } from '../media-types';

export type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

/** A registry that answers each path as a test tells it to, and 404 to everything else. */
export class HostileRegistry {
  /** What was asked, and what was shown with it. */
  readonly requests: { path: string; authorization: string | undefined }[] = [];
  private readonly paths = new Map<string, Behaviour>();
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      const path = new URL(request.url!, 'http://x').pathname;
      this.requests.push({ path: request.url!, authorization: request.headers.authorization });
      const behaviour = this.paths.get(path) ?? ((_, answer) => answer.writeHead(404).end());
      behaviour(request, response);
    });
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
      socket.on('error', () => undefined);
    });
  }

  static async start(): Promise<HostileRegistry> {
    const registry = new HostileRegistry();
    await new Promise<void>((resolve) => registry.server.listen(0, '127.0.0.1', resolve));
    return registry;
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  on(path: string, behaviour: Behaviour): void {
    this.paths.set(path, behaviour);
  }

  serve(path: string, bytes: Buffer): void {
    this.on(path, (_, response) => void response.end(bytes));
  }

  /** An honest plugin of one file, for a test to spoil; returns its digest and the path of its blob. */
  plugin(repository: string, bytes: Buffer, size = bytes.length): { digest: string; blob: string; manifest: string } {
    const config = { mediaType: EMPTY_CONFIG_TYPE, digest: sha256('{}'), size: 2 };
    const layers = [{ mediaType: PROGRAM_TYPE, digest: sha256(bytes), size }];
    const document = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST_TYPES[0], config, layers }));
    const manifest = `/v2/${repository}/manifests/${sha256(document)}`;
    const blob = `/v2/${repository}/blobs/${sha256(bytes)}`;
    this.serve(manifest, document);
    this.serve(`/v2/${repository}/manifests/v1`, document);
    this.serve(blob, bytes);
    return { digest: sha256(document), blob, manifest };
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
