import { metrics } from '@opentelemetry/api';
import { backoffMs } from '@sluice/edge-link';
import type { Logger } from 'pino';
import type { EnforcedEverywhere } from './enforced-everywhere';
import type { Change, PluginView, ToPrimary, WorkerQuestion } from './messages';
import { MetricFamilies } from './metric-families';
import type { PluginViews } from './plugin-views';
import type { SnapshotFeed } from './snapshot-feed';
import { type HandleOwner, WorkerHandle, type WorkerLimits } from './worker-handle';
import type { WorkerExit, WorkerProcess } from './worker-process';

const LOOK_MS = 500;
/** Looks that are so much further apart mean that the primary itself stood still: paused, or too busy to hear anybody. */
const STOOD_STILL_MS = 4 * LOOK_MS;
const PROBE_MS = 5_000;
const METRICS_MS = 2_000;
/** Who has served for so long and falls is started again at once. */
const STABLE_MS = 10_000;
const RESTART = { firstMs: 500, mostMs: 60_000 };
export const WORKER_LIMITS: WorkerLimits = { revocationMs: 5_000, changeMs: 30_000, beginMs: 60_000, aliveMs: 15_000 };

export interface WorkerPoolOptions {
  count: number;
  fork(): WorkerProcess;
  feed: SnapshotFeed;
  views: PluginViews;
  everywhere: EnforcedEverywhere;
  /** What the primary says for all of them; `piece` is answered by the feed. */
  answer(question: Exclude<WorkerQuestion, { what: 'piece' | 'alive' }>): Promise<unknown>;
  logger: Logger;
  limits?: WorkerLimits;
}

/** The processes that answer requests: as many as there shall be, each with the configuration and the plugins of the primary. */
export class WorkerPool implements HandleOwner {
  private readonly handles = new Map<number, WorkerHandle>();
  private readonly restarts = new Set<NodeJS.Timeout>();
  private failures = 0;
  private restarted = 0;
  private leaving = false;
  /** What workers that have ended had counted. */
  private past = '';
  private timers: NodeJS.Timeout[] = [];
  private lastLookMs = 0;
  private starting: { resolve(url: string): void; reject(error: Error): void } | undefined;
  private whenGone: (() => void) | undefined;

  constructor(private readonly options: WorkerPoolOptions) {
    const { feed, views } = options;
    feed.listen({ changed: (change) => this.each((handle) => handle.change(change)), revoked: (number, bytes) => this.each((handle) => handle.revocation(number, bytes)) });
    views.listen({ shown: (view) => this.each((handle) => handle.plugin(view)), ended: (name) => this.each((handle) => handle.ended(name)) });
    const meter = metrics.getMeter('edge-gateway');
    meter.createObservableGauge('sluice_workers', { description: 'Processes that answer requests.' }).addCallback((result) => result.observe(this.serving().length));
    meter.createObservableCounter('sluice_worker_restarts_total', { description: 'Workers that ended without being asked to, or were ended because they were late.' }).addCallback((result) => result.observe(this.restarted));
  }

  get newest(): number {
    return this.options.feed.newest;
  }

  /** Resolves to the address when every worker serves. Rejects when one of them cannot. */
  start(): Promise<string> {
    this.lastLookMs = performance.now();
    this.timers = [setInterval(() => this.endLate(), LOOK_MS), setInterval(() => this.each((handle) => handle.probe()), PROBE_MS)];
    const started = new Promise<string>((resolve, reject) => (this.starting = { resolve, reject }));
    for (let forked = 0; forked < this.options.count; forked++) this.fork();
    return started;
  }

  /** Has every worker finish what it is doing. Resolves when none is left; those that are after `limitMs` are ended. */
  async leave(limitMs: number): Promise<void> {
    this.stop();
    const gone = new Promise<void>((resolve) => (this.whenGone = resolve));
    this.each((handle) => handle.leave());
    const timer = setTimeout(() => this.each((handle) => handle.process.kill()), limitMs);
    if (this.handles.size > 0) await gone;
    clearTimeout(timer);
  }

  /** The metrics of all workers there are and were, as one text with that of the primary. */
  async metricsText(own: string): Promise<string> {
    await Promise.all([...this.handles.values()].map((handle) => handle.readMetrics(METRICS_MS)));
    const families = new MetricFamilies().add(own);
    // One that has ended meanwhile is in the past already.
    this.each(({ metrics: text }) => families.add(text));
    return families.addEnded(this.past).toString();
  }

  begin(handle: WorkerHandle): { plugins: PluginView[]; change: Change | null; revocations: Uint8Array[] } {
    return { plugins: this.options.views.join(handle.id), ...this.options.feed.now() };
  }

  enforced(): void {
    const { everywhere, feed } = this.options;
    const numbers = [...this.handles.values()].map(({ enforcedNumber }) => enforcedNumber);
    feed.forgetUpTo(Math.min(...numbers));
    const admitted = [...this.handles.values()].filter((handle) => handle.admitted);
    if (admitted.length > 0) everywhere.reached(Math.min(...admitted.map(({ enforcedNumber }) => enforcedNumber)));
  }

  notice(handle: WorkerHandle, notice: Exclude<ToPrimary, { kind: 'hello' | 'enforced' | 'revoked' }>): void {
    const { views, logger } = this.options;
    switch (notice.kind) {
      case 'serving':
        logger.info({ event: 'worker.serving', worker: handle.id, workerPid: handle.process.pid });
        if (this.serving().length < this.options.count) return;
        this.starting?.resolve(notice.url);
        this.starting = undefined;
        return;
      case 'failed':
        logger.error({ event: 'worker.failed', worker: handle.id, reason: notice.message }, 'a worker cannot serve');
        this.starting?.reject(new Error(notice.message));
        this.starting = undefined;
        return;
      case 'calls':
        return views.report(handle.id, notice.reports);
      case 'released':
        return views.released(handle.id, notice.name);
      case 'remark':
        return views.remark(notice.name, notice.remark);
    }
  }

  answer(_handle: WorkerHandle, question: WorkerQuestion): Promise<unknown> {
    if (question.what === 'piece') return this.options.feed.piece(question.source, question.part, question.offset);
    return question.what === 'alive' ? Promise.resolve(true) : this.options.answer(question);
  }

  private fork(): void {
    let process: WorkerProcess;
    try {
      process = this.options.fork();
    } catch (error) {
      return this.beginAnother(undefined, { code: null, signal: null, error: error as Error });
    }
    const handle = new WorkerHandle(process, this, this.options.limits ?? WORKER_LIMITS);
    this.handles.set(handle.id, handle);
    process.onExit((exit) => this.exited(handle, exit));
  }

  private exited(handle: WorkerHandle, exit: WorkerExit): void {
    this.handles.delete(handle.id);
    handle.close();
    this.options.views.leave(handle.id);
    this.past = new MetricFamilies().addEnded(this.past).addEnded(handle.metrics).toString();
    // The others do not wait for it any more.
    this.enforced();
    if (this.leaving) {
      if (this.handles.size === 0) this.whenGone?.();
      return;
    }
    this.beginAnother(handle, exit);
  }

  /** @param ended undefined when there was not even a process */
  private beginAnother(ended: WorkerHandle | undefined, { code, signal, error }: WorkerExit): void {
    this.starting?.reject(error ? new Error(`A worker could not be started: ${error.message}`, { cause: error }) : new Error(`A worker ended with ${signal ?? `exit code ${code}`} before it served.`));
    this.starting = undefined;
    this.restarted += 1;
    const isStable = ended?.serving === true && performance.now() - ended.servingSinceMs >= STABLE_MS;
    if (isStable) this.failures = 0;
    const delayMs = isStable ? 0 : backoffMs(this.failures++, RESTART);
    this.options.logger.error({ event: 'worker.ended', worker: ended?.id, workerPid: ended?.process.pid, code, signal, err: error, restartInMs: delayMs }, 'a worker ended; another one begins');
    const timer = setTimeout(() => {
      this.restarts.delete(timer);
      this.fork();
    }, delayMs);
    this.restarts.add(timer);
  }

  private endLate(): void {
    const nowMs = performance.now();
    const sinceMs = nowMs - this.lastLookMs;
    this.lastLookMs = nowMs;
    if (sinceMs > STOOD_STILL_MS) return this.each((handle) => handle.excuse(nowMs));
    for (const handle of this.handles.values()) {
      const reason = handle.lateness(nowMs);
      if (reason === undefined) continue;
      this.options.logger.error({ event: 'worker.late', worker: handle.id, workerPid: handle.process.pid, reason }, 'a worker is ended');
      handle.process.kill();
    }
  }

  private serving(): WorkerHandle[] {
    return [...this.handles.values()].filter(({ serving }) => serving);
  }

  private stop(): void {
    this.leaving = true;
    for (const timer of this.timers) clearInterval(timer);
    for (const timer of this.restarts) clearTimeout(timer);
  }

  private each(act: (handle: WorkerHandle) => void): void {
    for (const handle of this.handles.values()) act(handle);
  }
}
