import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import { ChangeFeed } from '../../database/change-feed';
import { LOGGER } from '../../process.module';
import { RevisionPublisher } from './publishing/revision-publisher';
import { SnapshotRedis } from './snapshot-redis';
import { DAMAGE_CHANNEL, SnapshotStore } from './snapshot-store';
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
  /** Namespaces, and when this process learned of it. */
  private readonly damaged = new Map<string, number>();
  /** When notices were heard again; what came before may have been missed. */
  private deafUntilMs: number | undefined;

  constructor(
    private readonly publisher: RevisionPublisher,
    private readonly outbox: SnapshotOutbox,
    private readonly redis: SnapshotRedis,
    private readonly store: SnapshotStore,
    changes: ChangeFeed,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    changes.subscribe(DAMAGE_CHANNEL, (namespace) => {
      if (namespace === undefined) this.deafUntilMs = performance.now();
      else this.damaged.set(namespace, performance.now());
    });
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
    const askedAtMs = performance.now();
    this.checking = (this.checking ?? Promise.resolve()).then(() => this.restore(which, askedAtMs));
  }

  private async restore(which: 'missing' | 'all', askedAtMs: number): Promise<void> {
    await this.catchUp().catch((error: unknown) => this.warn(error));
    const positions = await this.outbox.all().catch((error: unknown) => this.warn(error));
    // One that fails does not keep the others waiting.
    for (const position of positions ?? []) await this.restoreOne(position, which, askedAtMs).catch((error: unknown) => this.warn(error, position.namespace));
  }

  private async restoreOne({ namespace, revision, publishedRevision }: OutboxPosition, which: 'missing' | 'all', askedAtMs: number): Promise<void> {
    // A job that should have done this may wait for a connection of its own, which takes longer to come back after an outage.
    if (revision !== publishedRevision) await this.publisher.publish(namespace, 'revision');
    else if (await this.mended(namespace)) this.logger.warn({ event: 'snapshots.damaged', namespace });
    // Every process sees this, and one of them is enough.
    else if (which === 'all') await this.publisher.mend(namespace, { knownAtMs: askedAtMs, apartMs: 0 });
    else if (!(await this.publisher.stands(namespace))) await this.publisher.mend(namespace, { knownAtMs: performance.now(), apartMs: 0 });
    else await this.publisher.renewCheckpoint(namespace);
  }

  private async mended(namespace: string): Promise<boolean> {
    const knownAtMs = this.damaged.get(namespace);
    if (knownAtMs === undefined || !(await this.publisher.mend(namespace, { knownAtMs, apartMs: MEND_INTERVAL_MS }))) return false;
    // What was told meanwhile is for the next time.
    if (this.damaged.get(namespace) === knownAtMs) this.damaged.delete(namespace);
    return true;
  }

  /** Notices are a hint, which a connection that was lost may have lost; the table has what they were about. */
  private async catchUp(): Promise<void> {
    const { deafUntilMs } = this;
    if (deafUntilMs === undefined) return;
    for (const namespace of await this.store.damaged()) this.damaged.set(namespace, Math.max(deafUntilMs, this.damaged.get(namespace) ?? deafUntilMs));
    if (this.deafUntilMs === deafUntilMs) this.deafUntilMs = undefined;
  }

  private warn(error: unknown, namespace?: string): undefined {
    this.logger.warn({ event: 'snapshots.restore_failed', namespace, err: error });
    return undefined;
  }
}
