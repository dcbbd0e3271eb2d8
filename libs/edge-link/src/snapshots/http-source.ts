import { Agent, request } from 'undici';
import type { LinkLogger } from '../link-logger';
import { OutageLog } from '../outage-log';
import { namespaceSegment } from './snapshot-keys';

export interface HttpSourceOptions {
  /** The studio's base URL. */
  url: string;
  namespace: string;
  joinToken: string;
  maxBytes: number;
  logger: LinkLogger;
}

export type HttpAnswer =
  | { kind: 'body'; body: Buffer; etag: string }
  /** The studio has nothing but what the caller named. */
  | { kind: 'unchanged' }
  /** The studio knows no snapshot of this namespace. */
  | { kind: 'none' }
  /** The studio has the one that the caller does not want. */
  | { kind: 'unwanted' };

/** A namespace's newest snapshot as the studio serves it. */
export class HttpSource {
  private readonly url: string;
  private readonly agent: Agent;
  private readonly abort = new AbortController();
  private readonly outage: OutageLog;

  constructor(private readonly options: HttpSourceOptions) {
    this.url = `${options.url.replace(/\/+$/, '')}/edge/v1/snapshots/${namespaceSegment(options.namespace)}`;
    this.outage = new OutageLog(options.logger, 'studio');
    this.agent = new Agent({ connections: 1, connect: { timeout: 5_000 }, headersTimeout: 10_000, bodyTimeout: 30_000, maxResponseSize: options.maxBytes });
  }

  /**
   * @param current the ETag of what is applied: the studio then answers without a body.
   * @param unwanted the ETag of what was refused a moment ago: it is not downloaded again.
   * @throws when the studio is out of reach or answers anything else.
   */
  async fetch(current: string | undefined, unwanted: string | undefined): Promise<HttpAnswer> {
    try {
      const answer = await this.get(current, unwanted);
      this.outage.worked();
      return answer;
    } catch (error) {
      if (!this.abort.signal.aborted) this.outage.failed(error);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.abort.abort();
    await this.agent.destroy();
  }

  private async get(current: string | undefined, unwanted: string | undefined): Promise<HttpAnswer> {
    const { statusCode, headers, body } = await request(this.url, {
      dispatcher: this.agent,
      signal: this.abort.signal,
      headers: { authorization: `Bearer ${this.options.joinToken}`, accept: 'application/json', ...(current === undefined ? {} : { 'if-none-match': current }) },
    });
    const etag = String(headers['etag'] ?? '');
    if (statusCode === 200 && (etag === '' || etag !== unwanted)) return { kind: 'body', body: Buffer.from(await body.arrayBuffer()), etag };
    // Reading on would download it after all; the connection is cheaper.
    if (statusCode === 200) body.on('error', () => undefined).destroy();
    else await body.dump();
    if (statusCode === 200) return { kind: 'unwanted' };
    if (statusCode === 304) return { kind: 'unchanged' };
    if (statusCode === 404) return { kind: 'none' };
    throw new Error(`The studio answered ${statusCode} when asked for the snapshot.`);
  }
}
