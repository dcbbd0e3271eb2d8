import { hostname } from 'node:os';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { RedisEventTransport } from '@sluice/edge-link';
import type { Logger } from 'pino';
import { StudioConfig } from '../../config';
import { LOGGER } from '../../process.module';
import { EdgeKeys } from '../snapshots';

/** Events of plugins to and from gateways. It outlives the plugins, which may publish while they end. */
@Injectable()
export class EventLine implements OnApplicationBootstrap, OnApplicationShutdown {
  /** None when the studio has no Redis. */
  readonly transport: RedisEventTransport | undefined;

  constructor(config: StudioConfig, keys: EdgeKeys, @Inject(LOGGER) logger: Logger) {
    if (!config.redisUrl) return;
    this.transport = new RedisEventTransport({ redisUrl: config.redisUrl, key: keys.eventKey, end: { plane: 'studio' }, name: `studio ${hostname()}`, logger });
  }

  onApplicationBootstrap(): void {
    this.transport?.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.transport?.close();
  }
}
