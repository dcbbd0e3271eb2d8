import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Client } from 'pg';
import type { Logger } from 'pino';
import { StudioConfig } from '../config';
import { LOGGER } from '../process.module';

/** `payload` is undefined after a reconnect: anything may have happened in between. */
export type ChangeListener = (payload: string | undefined) => void;

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5_000;

/**
 * What other processes committed, heard through LISTEN on a connection of its own. Notifications are a hint that saves waiting, never
 * the truth: a listener looks at the tables, and looks again by itself now and then.
 */
@Injectable()
export class ChangeFeed implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly listeners = new Map<string, Set<ChangeListener>>();
  private client: Client | undefined;
  private retryMs = FIRST_RETRY_MS;
  private retryTimer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly config: StudioConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Listens from the start of the application on. Subscribe before that, in a constructor or onModuleInit. */
  subscribe(channel: string, listener: ChangeListener): void {
    const known = this.listeners.get(channel) ?? new Set();
    known.add(listener);
    this.listeners.set(channel, known);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.connect();
  }

  async onApplicationShutdown(): Promise<void> {
    this.closed = true;
    clearTimeout(this.retryTimer);
    await this.client?.end().catch(() => undefined);
  }

  private async connect(): Promise<void> {
    if (this.closed || this.listeners.size === 0) return;
    const client = new Client({ connectionString: this.config.databaseUrl, keepAlive: true, keepAliveInitialDelayMillis: 5_000, application_name: 'studio changes' });
    client.on('notification', ({ channel, payload }) => this.tell(channel, payload));
    client.on('error', (error) => this.reconnect(client, error));
    client.on('end', () => this.reconnect(client, undefined));
    this.client = client;
    try {
      await client.connect();
      for (const channel of this.listeners.keys()) await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
    } catch (error) {
      this.reconnect(client, error);
      return;
    }
    this.retryMs = FIRST_RETRY_MS;
    for (const channel of this.listeners.keys()) this.tell(channel, undefined);
  }

  private reconnect(client: Client, error: unknown): void {
    if (this.closed || this.client !== client) return;
    this.client = undefined;
    this.logger.warn({ event: 'database.listen_lost', err: error, retry_ms: this.retryMs });
    void client.end().catch(() => undefined);
    this.retryTimer = setTimeout(() => void this.connect(), this.retryMs);
    this.retryMs = Math.min(this.retryMs * 2, LAST_RETRY_MS);
  }

  private tell(channel: string, payload: string | undefined): void {
    for (const listener of this.listeners.get(channel) ?? []) listener(payload);
  }
}
