import { MAX_SNAPSHOT_BYTES, peekHeader } from '@sluice/config-snapshot';
import type { LinkLogger } from '../link-logger';
import { HttpSource } from './http-source';
import { RedisSource } from './redis-source';
import { RefusedBody } from './refused-body';
import { etagOf, tagOf, type SnapshotIdentity } from './snapshot-tag';

export type BodySource = 'redis' | 'http';
export type BodyOutcome = 'applied' | 'refused' | 'unchanged';

export interface SnapshotReceiverOptions {
  redisUrl?: string | undefined;
  studioUrl?: string | undefined;
  joinToken: string;
  namespace: string;
  logger: LinkLogger;
  /** How often the pointer is compared while announcements arrive. Default 10 s. While they do not: at most 2 s. */
  pollIntervalMs?: number;
  /** Verifies and applies a body, which may be anything at all. One at a time. */
  onBody(body: Uint8Array, source: BodySource): Promise<BodyOutcome>;
  /** A source says that what was applied is the newest. */
  onConfirmed?(source: BodySource): void;
}

const POLL_INTERVAL_MS = 10_000;
const DEAF_POLL_INTERVAL_MS = 2_000;
const FIRST_LOOK_MS = 500;

/**
 * Keeps a gateway's configuration as new as it can be: subscribes first and fetches second, compares the pointer now and
 * then because announcements get lost, and asks the studio itself whenever Redis has nothing good. Redis and the studio
 * may be away at the start and at any time later; it tries on, and says so once.
 */
export class SnapshotReceiver {
  private readonly redis: RedisSource | undefined;
  private readonly http: HttpSource | undefined;
  private readonly refused = { redis: new RefusedBody(), http: new RefusedBody() };
  /** What was applied, read from a body that was accepted and never from what a source says about it. */
  private current: SnapshotIdentity | undefined;
  private asked = { anything: false, studio: false };
  private running: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly options: SnapshotReceiverOptions) {
    const { redisUrl, studioUrl, namespace, joinToken, logger } = options;
    const maxBytes = MAX_SNAPSHOT_BYTES;
    if (redisUrl) this.redis = new RedisSource({ url: redisUrl, namespace, maxBytes, logger, onNews: () => this.onNews() });
    if (studioUrl) this.http = new HttpSource({ url: studioUrl, namespace, joinToken, maxBytes, logger });
  }

  start(): void {
    this.redis?.start();
    // The first look is made when the subscription stands, or when it takes too long.
    if (this.redis) this.timer = setTimeout(() => this.look(false), FIRST_LOOK_MS);
    else this.look(false);
  }

  /** There may be something newer than Redis says: asks the studio as well. */
  poke(): void {
    this.look(true);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    this.redis?.close();
    await this.http?.close();
    await this.running;
  }

  private onNews(): void {
    // A body that was bad may have been written anew.
    this.refused.redis.forget();
    this.look(false);
  }

  // However many reasons come while one fetch runs, one more fetch answers all of them.
  private look(studio: boolean): void {
    if (this.closed) return;
    this.asked = { anything: true, studio: this.asked.studio || studio };
    this.running ??= this.run();
  }

  private async run(): Promise<void> {
    clearTimeout(this.timer);
    while (this.asked.anything && !this.closed) {
      const { studio } = this.asked;
      this.asked = { anything: false, studio: false };
      const found = await this.fetchFromRedis();
      if (found !== 'current' || studio) await this.fetchFromStudio();
    }
    // In the same turn as the last look at `asked`, so that nothing that is asked for falls between two runs.
    this.running = undefined;
    if (this.closed) return;
    const interval = this.options.pollIntervalMs ?? POLL_INTERVAL_MS;
    this.timer = setTimeout(() => this.look(false), this.redis?.listening ? interval : Math.min(interval, DEAF_POLL_INTERVAL_MS));
  }

  private async fetchFromRedis(): Promise<'current' | 'nothing'> {
    try {
      const pointer = await this.redis?.pointer();
      if (!pointer || this.closed) return 'nothing';
      const tag = tagOf(pointer);
      if (this.current && tagOf(this.current) === tag) return this.confirmed('redis');
      if (this.refused.redis.is(tag)) return 'nothing';
      // Also when it is an older revision: somebody put it there, and a refusal is how that comes to light.
      const body = await this.redis?.body(pointer);
      if (!body || this.closed) return 'nothing';
      const outcome = await this.offer(body, 'redis', tag);
      // A good body under the name of another one is not what the pointer promised.
      return outcome !== 'refused' && this.current && tagOf(this.current) === tag ? 'current' : 'nothing';
    } catch {
      return 'nothing';
    }
  }

  private async fetchFromStudio(): Promise<void> {
    if (!this.http || this.closed) return;
    try {
      const answer = await this.http.fetch(this.current && etagOf(this.current), this.refused.http.tag());
      if (answer.kind === 'unchanged') this.confirmed('http');
      if (answer.kind === 'body' && !this.closed) await this.offer(answer.body, 'http', answer.etag);
    } catch {
      // The source has logged it, and the next look comes by itself.
    }
  }

  private async offer(body: Buffer, source: BodySource, tag: string): Promise<BodyOutcome> {
    const outcome = await this.judge(body, source);
    if (outcome === 'refused') this.refused[source].remember(tag);
    else this.current = peekHeader(body) ?? this.current;
    if (outcome === 'unchanged') this.options.onConfirmed?.(source);
    return outcome;
  }

  private async judge(body: Buffer, source: BodySource): Promise<BodyOutcome> {
    try {
      return await this.options.onBody(body, source);
    } catch (error) {
      this.options.logger.error({ event: 'snapshot.failed', source, err: error }, 'a snapshot could not be judged');
      return 'refused';
    }
  }

  private confirmed(source: BodySource): 'current' {
    this.options.onConfirmed?.(source);
    return 'current';
  }
}
