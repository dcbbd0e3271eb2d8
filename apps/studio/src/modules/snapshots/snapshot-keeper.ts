import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import { ChangeFeed } from '../../database/change-feed';
import { LOGGER } from '../../process.module';
import { RevisionPublisher } from './publishing/revision-publisher';
import { SnapshotRedis } from './snapshot-redis';
import { DAMAGE_CHANNEL } from './snapshot-store';
import { SnapshotOutbox, type OutboxPosition } from './storage/outbox';

const CHECK_INTERVAL_MS = 5_000;
/** To write everything anew is work, and a gateway that reports damage again and again must not cause more of it than this. */
const MEND_INTERVAL_MS = 10_000;

/**
 * Puts back what Redis lost, after a restart without its data, a flush, or a pointer that somebody bent; writes anew what gateways found damaged; renews
 * checkpoints; and does what no job did.
 */
@Injectable()
export class SnapshotKeeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private checking: Promise<void> | undefined;
  private readonly damaged = new Set<string>();
  private readonly mendedAtMs = new Map<string, number>();

  constructor(
    private readonly publisher: RevisionPublisher,
    private readonly outbox: SnapshotOutbox,
    private readonly redis: SnapshotRedis,
    changes: ChangeFeed,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    changes.subscribe(DAMAGE_CHANNEL, (namespace) => namespace !== undefined && this.damaged.add(namespace));
  }

  onApplicationBootstrap(): void {
    if (!this.redis.redis) return;
    this.timer = setInterval(() => this.check('missing'), CHECK_INTERVAL_MS);
    // A chunk may have been changed under its key, which no pointer tells; a fresh start or connection is the time to write it anew.
    this.redis.onReady(() => this.check('all'));
    if (!this.redis.away) this.check('all');
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.checking;
  }

  private check(which: 'missing' | 'all'): void {
    this.checking = (this.checking ?? Promise.resolve()).then(() => this.restore(which));
  }

  private async restore(which: 'missing' | 'all'): Promise<void> {
    const positions = await this.outbox.all().catch((error: unknown) => this.warn(error));
    // One that fails does not keep the others waiting.
    for (const position of positions ?? []) await this.restoreOne(position, which).catch((error: unknown) => this.warn(error, position.namespace));
  }

  private async restoreOne({ namespace, revision, publishedRevision }: OutboxPosition, which: 'missing' | 'all'): Promise<void> {
    // A job that should have done this may wait for a connection of its own, which takes longer to come back after an outage.
    if (revision !== publishedRevision) await this.publisher.publish(namespace, 'revision');
    else if (this.isToMend(namespace)) await this.mend(namespace);
    else if (which === 'all' || !(await this.publisher.stands(namespace))) await this.publisher.publish(namespace, 'republish');
    else await this.publisher.renewCheckpoint(namespace);
  }

  private isToMend(namespace: string): boolean {
    return this.damaged.has(namespace) && performance.now() - (this.mendedAtMs.get(namespace) ?? -Infinity) >= MEND_INTERVAL_MS;
  }

  private async mend(namespace: string): Promise<void> {
    this.logger.warn({ event: 'snapshots.damaged', namespace });
    this.damaged.delete(namespace);
    this.mendedAtMs.set(namespace, performance.now());
    try {
      await this.publisher.publish(namespace, 'republish');
    } catch (error) {
      this.damaged.add(namespace);
      throw error;
    }
  }

  private warn(error: unknown, namespace?: string): undefined {
    this.logger.warn({ event: 'snapshots.restore_failed', namespace, err: error });
    return undefined;
  }
}
