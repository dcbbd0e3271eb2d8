import type { BeforeApplicationShutdown, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { GatewayServices } from '../gateway-services';
import type { LeaveTimes } from '../http-edge';
import type { Readiness } from '../http/readiness';
import type { PluginRelays } from './plugin-relays';
import type { WorkerPool } from './worker-pool';

/** What a worker needs beyond the times of its clients. */
const GRACE_MS = 5_000;

/** The order in which a primary begins and ends: what was on disk, then the network; workers come after that, and go before. */
export class PrimaryLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    private readonly services: GatewayServices,
    private readonly pool: WorkerPool,
    private readonly relays: PluginRelays,
    private readonly readiness: Readiness,
    private readonly times: LeaveTimes,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.services.load();
    this.services.connect();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.readiness.stop();
    await this.pool.leave(this.times.shutdownDelayMs + this.times.drainTimeoutMs + GRACE_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.services.close();
    this.relays.close();
  }
}
