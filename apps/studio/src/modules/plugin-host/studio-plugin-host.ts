import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { createPluginHost, type EventDirection, type PluginGeneration, type PluginHost, type PluginStatus, type PublishOptions } from '@sluice/plugin-runtime';
import type { Logger } from 'pino';
import { StudioConfig } from '../../config';
import { ChangeFeed } from '../../database/change-feed';
import { PLATFORM } from '../../platform';
import { LOGGER } from '../../process.module';
import { PluginDefinitions, PluginPrograms, PLUGINS_CHANNEL } from '../plugins';
import { RefusedCallAudit } from '../refused-calls';
import { StudioServiceApi } from '../service-api';
import { EventLine } from './event-line';
import { StudioCrashes } from './studio-crashes';

const LOOK_AGAIN_MS = 10_000;

/** The plugin processes of this studio. They follow the table, whichever studio wrote to it. */
@Injectable()
export class StudioPluginHost implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private host: PluginHost | undefined;
  private unusable: ReadonlyMap<number, string> = new Map();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private again = false;

  constructor(
    private readonly config: StudioConfig,
    private readonly definitions: PluginDefinitions,
    private readonly programs: PluginPrograms,
    private readonly serviceApi: StudioServiceApi,
    private readonly crashes: StudioCrashes,
    private readonly events: EventLine,
    private readonly refusedCalls: RefusedCallAudit,
    changes: ChangeFeed,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    changes.subscribe(PLUGINS_CHANNEL, () => this.look());
  }

  onApplicationBootstrap(): void {
    this.host = createPluginHost({
      runtime: 'studio',
      runDirectory: this.config.pluginRunDirectory,
      serviceApi: [this.serviceApi.api()],
      logger: this.logger,
      eventTransport: this.events.transport,
      onCrash: (card) => this.crashes.add(card),
      policy: this.config.pluginHost.policy,
      reverse: this.config.pluginHost.reverse,
      programs: this.programs,
      platform: PLATFORM,
      onRefusedCall: (call) => void this.refusedCalls.recordOwn(call),
      serviceApiLimits: this.config.pluginHost.serviceApiLimits,
    });
    this.timer = setInterval(() => this.look(), LOOK_AGAIN_MS);
    this.look();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.again = false;
    await this.looking;
    const host = this.host;
    this.host = undefined;
    await host?.close();
    await this.crashes.flush();
  }

  /** The generation that takes calls now, or undefined while there is none. */
  serving(pluginId: number): PluginGeneration | undefined {
    return this.host?.serving(pluginId);
  }

  /** The same; a plugin that is started on demand is started first. */
  async demand(pluginId: number): Promise<PluginGeneration | undefined> {
    return this.host?.demand(pluginId);
  }

  status(pluginId: number): PluginStatus | undefined {
    return this.host?.status(pluginId);
  }

  /** An event of the platform, for plugins here and, if it goes down, on gateways. */
  publish(topic: string, payload: Uint8Array, direction: EventDirection, options?: PublishOptions): void {
    this.host?.publish(topic, payload, direction, options);
  }

  /** Why a plugin was not even tried, if so. */
  unusableReason(pluginId: number): string | undefined {
    return this.unusable.get(pluginId);
  }

  /** Many notifications at once are one look, or two. */
  private look(): void {
    if (!this.host) return;
    if (this.looking) {
      this.again = true;
      return;
    }
    this.looking = this.follow().finally(() => {
      this.looking = undefined;
      if (!this.again) return;
      this.again = false;
      this.look();
    });
  }

  private async follow(): Promise<void> {
    void this.crashes.flush();
    try {
      const { definitions, unusable } = await this.definitions.ofStudio();
      this.unusable = unusable;
      this.host?.apply(definitions);
    } catch (error) {
      this.logger.warn({ event: 'plugins.follow_failed', err: error });
    }
  }
}
