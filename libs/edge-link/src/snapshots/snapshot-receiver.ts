import type { LinkLogger } from '../link-logger';
import type { Announcement } from './announcement';
import { CostBudget } from './cost-budget';
import { HttpSource } from './http-source';
import { HttpSync } from './http-sync';
import { follows, isNews } from './is-news';
import { Judge } from './judge';
import { readAnnouncement } from './read-announcement';
import { RedisSource } from './redis-source';
import { RedisSync } from './redis-sync';
import { RefusedBody } from './refused-body';
import type { SnapshotConsumer, SnapshotOutcome } from './snapshot-consumer';

export interface SnapshotReceiverOptions {
  redisUrl?: string | undefined;
  studioUrl?: string | undefined;
  /** The bearer token of a request to the studio that is made now. */
  token(): string;
  /** Told what time it is at the studio when it refuses a token. */
  onRefused?(studioTimeMs: number): void;
  namespace: string;
  logger: LinkLogger;
  /** How often the pointer is compared while announcements arrive. Default 10 s. While they do not: at most 2 s. */
  pollIntervalMs?: number;
  /** Verifies and applies what comes. */
  consumer: SnapshotConsumer;
  /** The studio itself says that what is in force is the newest. What Redis says never confirms anything. */
  onConfirmed?(): void;
}

const POLL_INTERVAL_MS = 10_000;
const DEAF_POLL_INTERVAL_MS = 2_000;
const FIRST_LOOK_MS = 500;

/** How long the studio is asked to hold back an answer, where there is no Redis that announces. */
const LONG_POLL_SECONDS = 50;

/** What the parser of the connection and the event loop spend on a message that says nothing. */
const MESSAGE_MS = 0.02;

/** A look for what was announced, and the question to the studio after it. */
const LOOK_MS = 1.5;

/** For a reply or message that is longer than anything of ours: it has been read in part, and would come again at once. */
const EXCESS_MS = 250;

/**
 * Keeps a gateway's configuration as new as it can be: subscribes first and fetches second, takes small changes out of their
 * announcements, compares the pointer now and then because announcements get lost, and asks the studio itself whenever Redis has
 * nothing good. Redis and the studio may be away at the start and at any time later; it tries on, and says so once. What Redis costs
 * in vain stays under one percent of a core, whatever somebody writes there.
 */
export class SnapshotReceiver {
  private readonly redis: RedisSource | undefined;
  private readonly redisSync: RedisSync | undefined;
  private readonly http: HttpSource | undefined;
  private readonly httpSync: HttpSync | undefined;
  private readonly budget = new CostBudget();
  private readonly fromRedis: Judge;
  private asked = { anything: false, studio: false };
  /** What was announced last and is looked for. */
  private promised: Announcement | undefined;
  private running: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;
  private readonly pollIntervalMs: number;

  constructor(private readonly options: SnapshotReceiverOptions) {
    this.pollIntervalMs = options.pollIntervalMs ?? POLL_INTERVAL_MS;
    const { redisUrl, studioUrl, namespace, logger, consumer } = options;
    this.fromRedis = new Judge('redis', consumer, this.budget, logger);
    if (redisUrl) {
      this.redis = new RedisSource({
        url: redisUrl,
        namespace,
        logger,
        onMessage: (message) => this.hear(message),
        onListening: () => this.look(false),
        onDeaf: () => this.lookSoon(),
        onExcess: () => this.budget.wasted(EXCESS_MS, 0),
      });
      this.redisSync = new RedisSync(this.redis, consumer, new RefusedBody(), this.fromRedis);
    }
    if (studioUrl) {
      this.http = new HttpSource({ url: studioUrl, namespace, token: () => options.token(), onRefused: (time) => options.onRefused?.(time), logger });
      this.httpSync = new HttpSync(this.http, consumer, new RefusedBody(), new Judge('http', consumer, new CostBudget(), logger));
    }
  }

  start(): void {
    this.redis?.start();
    // The first look is made when the subscription stands, or when it takes too long.
    if (this.redis) this.timer = setTimeout(() => this.look(false), FIRST_LOOK_MS);
    else this.look(false);
  }

  /** There may be something newer than Redis says: asks the studio as well. */
  poke(): void {
    this.http?.stopWaiting();
    this.look(true);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    this.redis?.close();
    await this.http?.close();
    await this.running;
  }

  private hear(message: Buffer): void {
    const heard = readAnnouncement(message);
    if (heard.kind === 'revocation') this.fromRedis.revocation(heard.bytes);
    else if (heard.kind === 'rubbish' || !isNews(heard.announcement, this.options.consumer.applied())) this.budget.wasted(MESSAGE_MS, message.length);
    else if (heard.delta && !this.running && follows(heard.announcement, this.options.consumer.applied())) this.take(heard.delta);
    else {
      this.promised = heard.announcement;
      this.look(false);
    }
    this.holdUp();
  }

  private take(delta: Buffer): void {
    const outcome = this.fromRedis.delta(delta);
    // A small change is in force by now, and the next message finds it so.
    if (outcome === 'applied') return;
    if (typeof outcome === 'string') this.look(false);
    else this.running = this.finish(outcome);
  }

  private async finish(outcome: Promise<SnapshotOutcome>): Promise<void> {
    const applied = (await outcome) === 'applied';
    this.running = undefined;
    if (!applied || this.asked.anything) this.look(false);
  }

  private holdUp(): void {
    const pauseMs = this.budget.pauseMs();
    if (pauseMs > 0) this.redis?.stopListening(pauseMs);
  }

  // However many reasons come while one fetch runs, one more fetch answers all of them.
  private look(studio: boolean): void {
    if (this.closed) return;
    this.asked = { anything: true, studio: this.asked.studio || studio };
    this.running ??= this.run();
  }

  /** The next look was to come when nothing is announced for long; now nothing is announced at all. Not all gateways in one moment. */
  private lookSoon(): void {
    if (this.closed || this.running) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(false), Math.random() * Math.min(this.pollIntervalMs, DEAF_POLL_INTERVAL_MS));
  }

  private async run(): Promise<void> {
    clearTimeout(this.timer);
    let again = false;
    while (this.asked.anything && !this.closed) {
      const { studio } = this.asked;
      this.asked = { anything: false, studio: false };
      const { promised } = this;
      this.promised = undefined;
      const found = await this.fetchFromRedis();
      // Somebody announces what is not there.
      if (promised && isNews(promised, this.options.consumer.applied())) this.budget.wasted(LOOK_MS, 0);
      this.holdUp();
      if (found !== 'current' || studio) again = await this.fetchFromStudio();
    }
    // In the same turn as the last look at `asked`, so that nothing that is asked for falls between two runs.
    this.running = undefined;
    if (this.closed) return;
    const delay = again ? 0 : this.redis?.listening ? this.pollIntervalMs : Math.min(this.pollIntervalMs, DEAF_POLL_INTERVAL_MS);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(false), delay);
  }

  private async fetchFromRedis(): Promise<'current' | 'nothing'> {
    try {
      return (await this.redisSync?.run()) ?? 'nothing';
    } catch {
      // The source has logged it, and the next look comes by itself.
      return 'nothing';
    }
  }

  /** True when the studio holds answers back, so that asking again at once is waiting. */
  private async fetchFromStudio(): Promise<boolean> {
    if (!this.httpSync || this.closed) return false;
    try {
      const found = await this.httpSync.run(this.redis ? 0 : LONG_POLL_SECONDS);
      if (found !== 'nothing' && !this.closed) this.options.onConfirmed?.();
      return !this.redis && (found === 'waited' || found === 'applied');
    } catch {
      return false;
    }
  }
}
