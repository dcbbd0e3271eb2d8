import { request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hashToken, type SnapshotRecord } from '@sluice/config-snapshot';
import type { PluginGeneration } from '@sluice/plugin-runtime';
import { pino } from 'pino';
import { Dispatcher } from '../dispatch/dispatcher';
import { createEndpointHandler } from '../endpoints/create-endpoint-handler';
import { answerClientError } from '../http/client-error';
import { clientsConfig } from '../http/clients-config';
import { GatewayServer } from '../http/gateway-server';
import { RequestGuard } from '../http/request-guard';
import { CurrentState } from '../snapshot/current-state';
import { stateOf } from './records';

export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  rawHeaders: string[];
  text: string;
  /** False when the connection broke before the end of the body. */
  complete: boolean;
}

export interface Ask {
  method?: string;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
  /** Sends the body without saying how long it is. */
  chunked?: boolean;
}

const TOKEN_HASH_KEY = Buffer.alloc(32, 1);

export const tokenHashOf = (token: string): string => hashToken(TOKEN_HASH_KEY, token);

/** The hot path on a port of its own: server, guard, dispatch and endpoints, with plugins that the test brings. */
export class TestGateway {
  readonly current = new CurrentState();
  readonly serving = new Map<number, PluginGeneration>();
  readonly log: string[] = [];
  readonly edge: GatewayServer;
  readonly dispatcher: Dispatcher;
  private readonly server: Server;
  private revision = 0;

  /** `settings` are those of `clientsConfig`. */
  constructor(limits: { maxBodyBytes?: number; streamTimeoutMs?: number; tellsRevision?: boolean } = {}, settings: Record<string, string> = {}) {
    const logger = pino({ level: 'debug' }, { write: (line: string) => void this.log.push(line) });
    const endpoints = createEndpointHandler({
      current: this.current,
      plugins: { serving: (id) => this.serving.get(id) },
      logger,
      keys: { tokenHashKey: TOKEN_HASH_KEY },
      limits: { maxBodyBytes: 1_000, streamTimeoutMs: 60_000, tellsRevision: false, ...limits },
      edge: { id: 'gw-1', namespace: 'eu' },
      recordTraces: false,
    });
    const clients = clientsConfig.parse(settings);
    this.edge = new GatewayServer(clients);
    this.dispatcher = new Dispatcher(new RequestGuard(clients.limits), clients.trustedProxies, endpoints, logger);
    this.edge.serve(this.dispatcher);
    this.server = this.edge.factory((_, rest) => void rest.writeHead(299).end('rest')).on('clientError', answerClientError);
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  apply(...records: SnapshotRecord[]): void {
    this.current.swap(stateOf(records, ++this.revision));
  }

  ask(path: string, { method = 'GET', headers = {}, body, chunked = false }: Ask = {}): Promise<Answer> {
    const framing: Record<string, string> = chunked ? { 'transfer-encoding': 'chunked' } : body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    return new Promise((resolve, reject) => {
      const req = httpRequest({ host: '127.0.0.1', port: this.port, path, method, headers: { ...headers, ...framing }, agent: false }, (res) => {
        const parts: Buffer[] = [];
        const settle = (complete: boolean) =>
          resolve({ status: res.statusCode!, headers: res.headers, rawHeaders: res.rawHeaders, text: Buffer.concat(parts).toString(), complete });
        res.on('data', (part: Buffer) => parts.push(part));
        res.on('end', () => settle(true));
        res.on('error', () => settle(false));
      });
      req.on('error', reject);
      req.end(body);
    });
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
