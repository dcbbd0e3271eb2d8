import type { BeforeApplicationShutdown, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { GatewayServices } from './gateway-services';
import type { HttpEdge } from './http-edge';
import type { Readiness } from './http/readiness';

/** The order in which a gateway begins and ends: what was on disk, then traffic, then the network; and back. */
export class GatewayLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    private readonly edge: HttpEdge,
    private readonly readiness: Readiness,
    private readonly services: GatewayServices,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.services.load();
    this.edge.open();
    this.services.connect();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.readiness.stop();
    await this.edge.leave();
  }

  onApplicationShutdown(): Promise<void> {
    return this.services.close();
  }
}
