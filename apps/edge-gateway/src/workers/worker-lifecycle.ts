import type { BeforeApplicationShutdown, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { HttpEdge } from '../http-edge';
import type { PrimaryLine } from './primary-line';
import type { SharedPlugins } from './shared-plugins';

/** The order in which a worker begins and ends. When it listens is for the primary to say. */
export class WorkerLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    private readonly edge: HttpEdge,
    private readonly plugins: SharedPlugins,
    private readonly line: PrimaryLine,
  ) {}

  onApplicationBootstrap(): void {
    this.edge.open();
    this.line.begin();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.edge.leave();
  }

  onApplicationShutdown(): void {
    this.plugins.close();
  }
}
