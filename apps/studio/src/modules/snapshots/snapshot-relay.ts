import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import { ChangeFeed } from '../../database/change-feed';
import { LOGGER } from '../../process.module';
import { PublishSnapshotQueue } from './publish-snapshot.queue';
import { REVISION_CHANNEL } from './revision.service';
import { SnapshotOutbox } from './storage/outbox';

const SWEEP_INTERVAL_MS = 2_000;

/**
 * Turns committed revisions into jobs. Postgres tells it at the commit; the sweep finds what a crash, a lost connection or a failed job
 * left behind, for the revision in the table is the truth and the notification only saves waiting.
 */
@Injectable()
export class SnapshotRelay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private again = false;
  private closed = false;

  constructor(
    private readonly outbox: SnapshotOutbox,
    private readonly queue: PublishSnapshotQueue,
    changes: ChangeFeed,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    changes.subscribe(REVISION_CHANNEL, () => this.poke());
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.poke(), SWEEP_INTERVAL_MS);
    this.poke();
  }

  /** Does not wait for a look that is under way: it may hang on a Redis that is gone, and the next worker looks again anyway. */
  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
    this.closed = true;
  }

  /** Many notifications at once are one look, or two. */
  private poke(): void {
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = this.relay().finally(() => {
      this.running = undefined;
      if (!this.again || this.closed) return;
      this.again = false;
      this.poke();
    });
  }

  private async relay(): Promise<void> {
    try {
      for (const { namespace, revision } of await this.outbox.pending()) await this.queue.add(namespace, revision);
    } catch (error) {
      if (!this.closed) this.logger.warn({ event: 'snapshots.relay_failed', err: error });
    }
  }
}
