import { MAX_CHUNK_BYTES, MAX_SNAPSHOT_BYTES } from '@sluice/config-snapshot';
import type { Agent, Dispatcher } from 'undici';
import type { LinkLogger } from '../link-logger';
import { OutageLog } from '../outage-log';
import { readBounded } from './read-bounded';
import { namespaceSegment } from './snapshot-keys';

/** More than this is fetched as chunks. */
const MAX_DELTAS_BYTES = 16 * 1_048_576;

const ANSWER_TIMEOUT_MS = 10_000;

export interface HttpSourceOptions {
  /** The studio's base URL. */
  url: string;
  namespace: string;
  /** The bearer token of a request that is made now. */
  token(): string;
  /** Told what time it is at the studio when it refuses a token, whose time may be wrong. */
  onRefused?(studioTimeMs: number): void;
  logger: LinkLogger;
}

export type HttpAnswer =
  | { kind: 'body'; body: Buffer; etag: string }
  /** The studio has nothing but what the caller named; `waited` when it held the answer back as it was asked to. */
  | { kind: 'unchanged'; waited: boolean }
  /** The studio knows no snapshot of this namespace. */
  | { kind: 'none' }
  /** The studio has the one that the caller does not want. */
  | { kind: 'unwanted' };

export interface NewestQuery {
  /** The ETag of what is applied: the studio then answers without a body. */
  current: string | undefined;
  /** The ETag of what was refused a moment ago: it is not downloaded again. */
  unwanted: string | undefined;
  /** How long the studio may hold back the answer that nothing has changed (RFC 7240); 0: not at all. */
  waitSeconds?: number;
}

/** A namespace's newest snapshot as the studio serves it. */
export class HttpSource {
  private readonly url: string;
  private agent: Agent | undefined;
  private readonly abort = new AbortController();
  private readonly outage: OutageLog;
  private waiting: AbortController | undefined;

  constructor(private readonly options: HttpSourceOptions) {
    this.url = `${options.url.replace(/\/+$/, '')}/edge/v1/snapshots/${namespaceSegment(options.namespace)}`;
    this.outage = new OutageLog(options.logger, 'studio');
  }

  /** The index blob of the newest snapshot, or a whole snapshot of format 1. @throws when the studio is out of reach or answers anything else. */
  async newest({ current, unwanted, waitSeconds = 0 }: NewestQuery): Promise<HttpAnswer> {
    const waiting = (this.waiting = new AbortController());
    try {
      const answer = await this.askNewest(current, unwanted, waitSeconds, waiting.signal);
      this.outage.worked();
      return answer;
    } catch (error) {
      if (waiting.signal.aborted && !this.abort.signal.aborted) return { kind: 'unchanged', waited: true };
      throw this.failed(error);
    } finally {
      this.waiting = undefined;
    }
  }

  /** Ends a wait that `newest` is in: there is a reason to ask at once. */
  stopWaiting(): void {
    this.waiting?.abort();
  }

  /** The deltas that follow a revision, each without its line feed; undefined when the studio does not have all of them any more. */
  async deltas(epoch: string, after: number): Promise<Buffer[] | undefined> {
    const bytes = await this.get(`/deltas?epoch=${encodeURIComponent(epoch)}&after=${after}`, MAX_DELTAS_BYTES);
    if (!bytes) return undefined;
    const deltas: Buffer[] = [];
    for (let start = 0; start < bytes.length; ) {
      const found = bytes.indexOf('\n', start);
      const end = found < 0 ? bytes.length : found;
      deltas.push(bytes.subarray(start, end));
      start = end + 1;
    }
    return deltas;
  }

  /** Undefined when the studio does not have that revision any more. */
  async chunk(prefix: number, epoch: string, revision: number): Promise<Buffer | undefined> {
    return this.get(`/chunks/${prefix.toString(16).padStart(2, '0')}?epoch=${encodeURIComponent(epoch)}&revision=${revision}`, MAX_CHUNK_BYTES);
  }

  async close(): Promise<void> {
    this.abort.abort();
    await this.agent?.destroy();
  }

  private async askNewest(current: string | undefined, unwanted: string | undefined, waitSeconds: number, waiting: AbortSignal): Promise<HttpAnswer> {
    const wait = current !== undefined && waitSeconds > 0;
    const { statusCode, headers, body } = await this.request('', AbortSignal.any([this.abort.signal, waiting]), ANSWER_TIMEOUT_MS + (wait ? waitSeconds * 1_000 : 0), {
      ...(current === undefined ? {} : { 'if-none-match': current }),
      ...(wait ? { prefer: `wait=${waitSeconds}` } : {}),
    });
    const etag = String(headers['etag'] ?? '');
    if (statusCode === 200 && (etag === '' || etag !== unwanted)) return { kind: 'body', body: await readBounded(body, MAX_SNAPSHOT_BYTES), etag };
    // Reading on would download it after all; the connection is cheaper.
    if (statusCode === 200) body.on('error', () => undefined).destroy();
    else await body.dump();
    if (statusCode === 200) return { kind: 'unwanted' };
    if (statusCode === 304) return { kind: 'unchanged', waited: String(headers['preference-applied'] ?? '').includes('wait') };
    if (statusCode === 404) return { kind: 'none' };
    throw new Error(`The studio answered ${statusCode} when asked for the snapshot.`);
  }

  private async get(path: string, maxBytes: number): Promise<Buffer | undefined> {
    try {
      const { statusCode, body } = await this.request(path, this.abort.signal, ANSWER_TIMEOUT_MS, {});
      if (statusCode === 200) return await readBounded(body, maxBytes);
      await body.dump();
      if (statusCode === 404) return undefined;
      throw new Error(`The studio answered ${statusCode} when asked for a part of the snapshot.`);
    } catch (error) {
      throw this.failed(error);
    }
  }

  private async request(path: string, signal: AbortSignal, headersTimeout: number, headers: Record<string, string>): Promise<Dispatcher.ResponseData> {
    // A gateway that starts from its disk, or from Redis, does not wait until this is loaded.
    const { Agent, request } = await import('undici');
    signal.throwIfAborted();
    this.agent ??= new Agent({ connections: 4, connect: { timeout: 5_000 }, bodyTimeout: 30_000 });
    const answer = await request(this.url + path, { dispatcher: this.agent, signal, headersTimeout, headers: { authorization: `Bearer ${this.options.token()}`, ...headers } });
    if (answer.statusCode === 401) this.options.onRefused?.(Date.parse(String(answer.headers['date'])));
    return answer;
  }

  private failed(error: unknown): unknown {
    if (!this.abort.signal.aborted) this.outage.failed(error);
    return error;
  }
}
