import { setTimeout as sleep } from 'node:timers/promises';
import type { BeforeApplicationShutdown, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { PluginHost } from '@sluice/plugin-runtime';
import type { Dispatcher } from './dispatch/dispatcher';
import type { EventLine } from './events/event-line';
import type { GatewayServer } from './http/gateway-server';
import type { Readiness } from './http/readiness';
import type { PluginStorage } from './plugin-data/plugin-storage';
import type { StudioMail } from './service-api/studio-mail';
import type { SnapshotLink } from './snapshot/snapshot-link';
import type { StoredStart } from './snapshot/stored-start';

export interface LeaveTimes {
  /** New connections are still taken for so long after readiness is off. */
  shutdownDelayMs: number;
  /** What is in progress may go on for so long. */
  drainTimeoutMs: number;
}

/** The order in which a gateway begins and ends: what was on disk, then traffic, then the network; and back. */
export class GatewayLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    private readonly server: GatewayServer,
    private readonly dispatcher: Dispatcher,
    private readonly readiness: Readiness,
    private readonly stored: StoredStart,
    private readonly link: SnapshotLink,
    private readonly plugins: PluginHost,
    private readonly storage: PluginStorage,
    private readonly events: EventLine,
    private readonly mail: StudioMail,
    private readonly times: LeaveTimes,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.stored.run();
    this.server.serve(this.dispatcher);
    this.link.start();
    this.mail.start();
    this.events.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    const { shutdownDelayMs, drainTimeoutMs } = this.times;
    this.readiness.stop();
    this.server.retire();
    await sleep(shutdownDelayMs);
    // Half of the time for streams to end by themselves, and half for their clients to go elsewhere.
    const timer = setTimeout(() => void this.dispatcher.endEventStreams(), drainTimeoutMs / 2);
    await this.server.drain(drainTimeoutMs);
    clearTimeout(timer);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.mail.close();
    await this.link.close();
    await this.stored.close();
    await this.plugins.close();
    await this.storage.close();
    // Plugins may publish while they end.
    await this.events.close();
  }
}
