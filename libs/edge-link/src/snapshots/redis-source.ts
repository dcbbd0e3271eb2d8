import { Redis, type RedisOptions } from 'ioredis';
import type { LinkLogger } from '../link-logger';
import { OutageLog } from '../outage-log';
import { snapshotKeys, type SnapshotKeys } from './snapshot-keys';
import type { SnapshotIdentity } from './snapshot-tag';
import { withTimeout } from './with-timeout';

const POINTER_TIMEOUT_MS = 5_000;
const BODY_TIMEOUT_MS = 60_000;

export interface RedisSourceOptions {
  url: string;
  namespace: string;
  maxBytes: number;
  logger: LinkLogger;
  /** Something was announced, or may have been while there was no connection. */
  onNews(): void;
}

/** A namespace's snapshots as they lie in Redis, for as long as there is a Redis. Connects again by itself, forever. */
export class RedisSource {
  private readonly keys: SnapshotKeys;
  private readonly outage: OutageLog;
  private readonly reader: Redis;
  private readonly subscriber: Redis;
  private subscribed = false;
  private closed = false;

  constructor(private readonly options: RedisSourceOptions) {
    this.keys = snapshotKeys(options.namespace);
    this.outage = new OutageLog(options.logger, 'redis');
    this.reader = new Redis(options.url, CONNECTION);
    this.subscriber = new Redis(options.url, CONNECTION);
    // Without a listener, ioredis writes every attempt to standard error.
    this.reader.on('error', (error) => this.failed(error));
    this.subscriber.on('error', (error) => this.failed(error));
    for (const connection of [this.reader, this.subscriber]) connection.on('ready', () => void this.subscribe());
    this.subscriber.on('close', () => (this.subscribed = false));
    this.subscriber.on('message', () => options.onNews());
  }

  /** True while announcements arrive. */
  get listening(): boolean {
    return this.subscribed;
  }

  start(): void {
    for (const connection of [this.subscriber, this.reader]) connection.connect().catch((error: unknown) => this.failed(error));
  }

  close(): void {
    this.closed = true;
    this.subscriber.disconnect();
    this.reader.disconnect();
  }

  /** Which snapshot is the newest, as far as Redis says; undefined when it does not say. Throws when it is out of reach. */
  async pointer(): Promise<SnapshotIdentity | undefined> {
    const [epoch, revision, root] = await this.ask(this.reader.hmget(this.keys.pointer, 'epoch', 'revision', 'root'), POINTER_TIMEOUT_MS);
    this.outage.worked();
    return epoch && root && revision && /^\d{1,15}$/.test(revision) ? { epoch, revision: Number(revision), root } : undefined;
  }

  /** The body that belongs there; undefined when there is none, or one that is too large to fetch. */
  async body({ epoch, revision }: SnapshotIdentity): Promise<Buffer | undefined> {
    const key = this.keys.body(epoch, revision);
    const length = await this.ask(this.reader.strlen(key), POINTER_TIMEOUT_MS);
    if (length === 0 || length > this.options.maxBytes) return undefined;
    return (await this.ask(this.reader.getBuffer(key), BODY_TIMEOUT_MS)) ?? undefined;
  }

  private async subscribe(): Promise<void> {
    // Whoever hears the news wants to read at once.
    if (this.reader.status !== 'ready' || this.subscriber.status !== 'ready') return;
    try {
      await this.subscriber.subscribe(this.keys.channel);
      this.subscribed = true;
      this.options.onNews();
    } catch (error) {
      this.failed(error);
      if (this.subscriber.status === 'ready') this.subscriber.disconnect(true);
    }
  }

  // Closing makes errors of its own, and they are no outage.
  private failed(error: unknown): void {
    if (!this.closed) this.outage.failed(error);
  }

  private async ask<T>(answer: Promise<T>, timeoutMs: number): Promise<T> {
    try {
      return await withTimeout(answer, timeoutMs, 'Redis does not answer.');
    } catch (error) {
      this.failed(error);
      // A connection that swallows commands swallows announcements as well.
      if (error instanceof Error && error.name === 'TimeoutError') for (const connection of [this.reader, this.subscriber]) connection.disconnect(true);
      throw error;
    }
  }
}

const CONNECTION: RedisOptions = {
  lazyConnect: true,
  connectTimeout: 5_000,
  keepAlive: 10_000,
  // Whoever asks has another source and a next time: fail at once, never queue.
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  // The subscription is renewed here, so that a fetch follows it.
  autoResubscribe: false,
  retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 10), 2_000),
};
