import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Client } from 'pg';
import type { Logger } from 'pino';
import { StudioConfig } from '../../config';
import { LOGGER } from '../../process.module';

/** Tells our advisory locks from others': the first of their two numbers. */
export const LOCK_CLASS = 1_902_117_463;

/**
 * Which plugin's payloads this process delivers. One process of all has a lane, so that payloads keep their order; Postgres takes it
 * away from a process that dies, at once and by itself, because the lock belongs to a connection.
 */
@Injectable()
export class DeliveryLanes implements OnApplicationShutdown {
  private readonly held = new Set<number>();
  private client: Promise<Client> | undefined;

  constructor(
    private readonly config: StudioConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** False when another process has it. */
  async claim(pluginId: number): Promise<boolean> {
    const client = await this.connected();
    const { rows } = await client.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS got', [LOCK_CLASS, pluginId]);
    if (rows[0]?.got) this.held.add(pluginId);
    return this.held.has(pluginId);
  }

  /** Ask before every payload: with the connection the lane is lost, and another process may have it. */
  holds(pluginId: number): boolean {
    return this.held.has(pluginId);
  }

  async release(pluginId: number): Promise<void> {
    if (!this.held.delete(pluginId) || !this.client) return;
    try {
      await (await this.client).query('SELECT pg_advisory_unlock($1, $2)', [LOCK_CLASS, pluginId]);
    } catch (error) {
      this.logger.debug({ event: 'edge_payloads.release_failed', plugin_id: pluginId, err: error });
    }
  }

  async onApplicationShutdown(): Promise<void> {
    const client = await this.client?.catch(() => undefined);
    this.held.clear();
    await client?.end().catch(() => undefined);
  }

  private connected(): Promise<Client> {
    this.client ??= this.connect().catch((error: unknown) => {
      this.client = undefined;
      throw error;
    });
    return this.client;
  }

  private async connect(): Promise<Client> {
    const client = new Client({ connectionString: this.config.databaseUrl, keepAlive: true, keepAliveInitialDelayMillis: 5_000, application_name: 'studio deliveries' });
    const lost = () => {
      this.held.clear();
      this.client = undefined;
    };
    client.on('error', lost);
    client.on('end', lost);
    await client.connect();
    return client;
  }
}
