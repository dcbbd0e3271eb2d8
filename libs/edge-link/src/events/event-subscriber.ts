import { Redis } from 'ioredis';
import type { LinkLogger } from '../link-logger';
import { OutageLog } from '../outage-log';
import { EVENT_CONNECTION } from './event-connection';

/** A connection that swallows everything looks like one on which nothing happens. */
const PROBE_MS = 15_000;
const REFUSED_RETRY_MS = 2_000;

export interface EventSubscriberOptions {
  redisUrl: string;
  /** Names, or patterns when there is a `*` in them. */
  channels: readonly string[];
  logger: LinkLogger;
  onMessage(channel: string, message: Buffer): void;
}

/** Listens to channels for as long as there is a Redis. Connects again by itself, forever. */
export class EventSubscriber {
  private readonly redis: Redis;
  private readonly outage: OutageLog;
  private probe: NodeJS.Timeout | undefined;
  private retry: NodeJS.Timeout | undefined;
  private subscribed = false;
  private closed = false;

  constructor(private readonly options: EventSubscriberOptions) {
    this.outage = new OutageLog(options.logger, 'redis for receiving events');
    this.redis = new Redis(options.redisUrl, EVENT_CONNECTION);
    this.redis.on('error', (error) => this.failed(error));
    this.redis.on('ready', () => void this.subscribe());
    this.redis.on('close', () => (this.subscribed = false));
    this.redis.on('messageBuffer', (channel: Buffer, message: Buffer) => options.onMessage(channel.toString(), message));
    this.redis.on('pmessageBuffer', (_pattern: string, channel: Buffer, message: Buffer) => options.onMessage(channel.toString(), message));
  }

  /** True while messages arrive. */
  get listening(): boolean {
    return this.subscribed;
  }

  start(): void {
    this.redis.connect().catch((error: unknown) => this.failed(error));
    this.probe = setInterval(() => void this.look(), PROBE_MS);
  }

  close(): void {
    this.closed = true;
    clearInterval(this.probe);
    clearTimeout(this.retry);
    this.redis.disconnect();
  }

  private async subscribe(): Promise<void> {
    clearTimeout(this.retry);
    if (this.redis.status !== 'ready') return;
    const patterns = this.options.channels.filter((channel) => channel.includes('*'));
    const names = this.options.channels.filter((channel) => !channel.includes('*'));
    try {
      if (names.length > 0) await this.redis.subscribe(...names);
      if (patterns.length > 0) await this.redis.psubscribe(...patterns);
      this.subscribed = true;
      this.outage.worked();
    } catch (error) {
      this.giveUp(error);
    }
  }

  private async look(): Promise<void> {
    if (!this.subscribed) return;
    try {
      await this.redis.ping();
    } catch (error) {
      this.giveUp(error);
    }
  }

  /** Leaves this connection for a new one, unless Redis itself said no: that takes somebody who allows it. */
  private giveUp(error: unknown): void {
    this.failed(error);
    if (this.closed || this.redis.status !== 'ready') return;
    if (error instanceof Error && error.name === 'ReplyError') this.retry = setTimeout(() => void this.subscribe(), REFUSED_RETRY_MS);
    else this.redis.disconnect(true);
  }

  // Closing makes errors of its own, and they are no outage.
  private failed(error: unknown): void {
    if (!this.closed) this.outage.failed(error);
  }
}
