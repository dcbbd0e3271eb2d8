import type { Clock } from '@sluice/kernel';
import type { Logger } from 'pino';
import type { GenerationEnd, GenerationStarter, RunningGeneration } from '../generation/generation';
import type { PluginDefinition } from '../host/plugin-host';
import { StartFailure } from '../launch/start-failure';
import { LogRing } from '../process/log-ring';
import type { ProcessExit } from '../process/plugin-process';
import type { FarewellReason } from '../session/say-farewell';
import type { PluginTimings } from '../timings';
import { idleTimeoutOf } from './activation';
import type { Crash, CrashCard, CrashOutcome } from './crash-card';
import { CrashCards } from './crash-cards';
import { CrashWindow } from './crash-window';
import { Departures, type Served } from './departures';
import type { DrainLimits } from './drain';
import { generationStatuses } from './generation-statuses';
import { IdleWatch } from './idle-watch';
import type { PluginExit, PluginStateName, PluginStatus } from './plugin-status';
import { RestartDelay } from './restart-delay';
import { sameDefinition } from './same-definition';
import { StartAttempt } from './start-attempt';
import { nextState, type PluginEvent } from './transitions';

export interface SupervisorOptions {
  starter: GenerationStarter;
  clock: Clock;
  timings: Pick<PluginTimings, 'stableAfterMs' | 'probeMs'>;
  drainLimits: DrainLimits;
  logger: Logger;
  /** Numbers go on when a plugin is removed and comes back. */
  nextGeneration(): number;
  onChange(status: PluginStatus): void;
  onCrash?: (card: CrashCard) => void;
  random?: () => number;
}

/** What was done about a crash. */
interface Done {
  outcome: CrashOutcome;
  restartInMs: number | null;
}

/** What the other processes of this host say about a generation that has ended. */
const LAST_WORD_MS = 500;
/** A large plugin may be fetched in vain each time. */
const LONGEST_RETRY_PROBES = 32;

/** Keeps one plugin as it shall be: one generation serves, a newer one takes over when it is ready, a fallen one is started again. */
export class PluginSupervisor {
  /** Resolves when the first start is over, whether it succeeded or not. */
  readonly settled: Promise<void>;

  private state: PluginStateName = 'stopped';
  private since: number;
  private reason = '';
  private reloadFailed: string | null = null;
  private restarts = 0;
  private lastExit: PluginExit | null = null;
  private current: { generation: RunningGeneration; definition: PluginDefinition; since: number } | undefined;
  /** What served last; it is what a crash restarts while a newer definition has failed. */
  private lastGood: PluginDefinition | undefined;
  private attempt: StartAttempt | undefined;
  private latest = 0;
  private removed = false;
  private cancelRestart: () => void = () => undefined;
  /** Whether a newer definition that failed is tried again. */
  private retries = false;
  private retried = 0;
  private cancelRetry: () => void = () => undefined;
  private cancelStable: () => void = () => undefined;
  private markSettled: () => void = () => undefined;
  private idle: IdleWatch | undefined;
  /** Who waits for the start in progress. */
  private readonly demands: (() => void)[] = [];
  private readonly ring = new LogRing();
  private readonly crashWindow = new CrashWindow();
  private readonly cards: CrashCards;
  private readonly departures: Departures;
  private readonly delay: RestartDelay;

  constructor(
    private desired: PluginDefinition,
    private readonly options: SupervisorOptions,
  ) {
    this.since = options.clock.now();
    this.delay = new RestartDelay(options.random);
    this.departures = new Departures(options.clock, (error) =>
      options.logger.error({ event: 'plugin.end_broke', pluginId: this.desired.id, err: error }, 'Ending a plugin failed in the host itself.'),
    );
    this.cards = new CrashCards(this.ring, options.onCrash);
    this.settled = new Promise((resolve) => (this.markSettled = resolve));
  }

  /** Begins, unless the plugin waits for somebody to need it. */
  start(): void {
    if (idleTimeoutOf(this.desired) === undefined) return this.begin();
    this.change();
    this.markSettled();
  }

  /** What serves. A plugin that nobody has needed is started first; undefined when it does not come to serve. */
  async demand(): Promise<RunningGeneration | undefined> {
    if (this.isAsleep) this.begin();
    this.idle?.use();
    if (!this.current && this.attempt) await new Promise<void>((resolve) => this.demands.push(resolve));
    return this.serving;
  }

  get serving(): RunningGeneration | undefined {
    return this.removed ? undefined : this.current?.generation;
  }

  /** The newest last. */
  get crashes(): readonly CrashCard[] {
    return this.cards.list();
  }

  /** Everything that runs now or may be started again without being asked for: more than what is desired, while a newer definition has failed. */
  definitionsInUse(): PluginDefinition[] {
    return [this.desired, this.lastGood, this.current?.definition, ...this.departures.definitions()].filter((definition) => definition !== undefined);
  }

  status(): PluginStatus {
    return {
      pluginId: this.desired.id,
      state: this.state,
      since: this.since,
      reason: this.reason,
      generation: this.current?.generation.generation ?? this.latest,
      pid: this.current?.generation.pid ?? null,
      transport: this.current ? (this.current.generation.transport ?? 'grpc-js') : null,
      restarts: this.restarts,
      lastExit: this.lastExit,
      lastLogLines: this.ring.last(),
      reloadFailed: this.reloadFailed,
      notEnforced: this.current?.generation.notEnforced ?? [],
      remarks: this.ring.remarks.list(),
      generations: generationStatuses(this.departures, this.removed ? undefined : this.current, this.attempt),
    };
  }

  /** Makes a changed definition a new generation. An equal one changes nothing, and one that serves already ends a start of another. */
  apply(definition: PluginDefinition): void {
    if (sameDefinition(definition, this.desired)) return;
    this.desired = definition;
    this.reloadFailed = null;
    this.retried = 0;
    this.delay.reset();
    this.crashWindow.clear();
    if (this.isAsleep && idleTimeoutOf(definition) !== undefined) {
      this.change();
    } else if (this.current && sameDefinition(this.current.definition, definition)) {
      this.supersede();
      this.change();
    } else {
      this.begin();
    }
  }

  /**
   * Takes no more calls from now on, lets those in progress finish, and ends everything. Resolves when nothing is left. Asked again, it
   * gives whatever is still in progress no more than the new limits.
   */
  async remove(reason: FarewellReason, limits: DrainLimits = this.options.drainLimits): Promise<void> {
    this.departures.shorten(limits);
    if (!this.removed) {
      this.removed = true;
      this.cancelRestart();
      this.cancelRetry();
      this.idle?.stop();
      this.supersede();
      this.markSettled();
      this.change('drain');
      if (this.current) void this.departures.retire(this.current, reason, limits);
    }
    await this.departures.over();
    this.current = undefined;
    if (this.state === 'draining') this.change('end');
  }

  private get isAsleep(): boolean {
    return this.state === 'stopped' && !this.removed;
  }

  private begin(definition = this.reloadFailed !== null && this.lastGood ? this.lastGood : this.desired): void {
    this.cancelRestart();
    this.cancelRetry();
    const before = this.supersede();
    this.latest = this.options.nextGeneration();
    const attempt: StartAttempt = new StartAttempt({ definition, generation: this.latest, ring: this.ring }, this.options.starter, before, {
      ready: (generation) => this.onReady(attempt, generation),
      failed: (error) => this.onFailed(attempt, error),
    }, this.options.clock.now());
    this.attempt = attempt;
    if (this.current) this.change();
    else this.change('start');
  }

  /** Gives a start in progress up. The next may begin when the result resolves. */
  private supersede(): Promise<void> {
    const { attempt } = this;
    if (!attempt) return Promise.resolve();
    this.attempt = undefined;
    attempt.giveUp();
    void this.departures.follow(attempt.finished);
    return attempt.finished;
  }

  private onReady(attempt: StartAttempt, generation: RunningGeneration): void {
    const { definition } = attempt.request;
    const previous = this.current;
    this.attempt = undefined;
    this.current = { generation, definition, since: this.options.clock.now() };
    this.lastGood = definition;
    if (definition === this.desired) this.reloadFailed = null;
    else if (this.retries) this.retryLater();
    this.reason = '';
    void generation.ended.then((end) => this.onEnded(generation, definition, end));
    this.cancelStable();
    this.cancelStable = this.options.clock.after(this.options.timings.stableAfterMs, () => this.delay.reset());
    this.change('serve');
    this.markSettled();
    if (previous) this.replace(previous);
    this.watchIdleness(generation, definition);
  }

  private watchIdleness(generation: RunningGeneration, definition: PluginDefinition): void {
    const idleMs = idleTimeoutOf(definition);
    this.idle?.stop();
    this.idle = idleMs === undefined ? undefined : new IdleWatch({ clock: this.options.clock, generation, idleMs, onIdle: () => this.rest() });
  }

  /** Ends what serves until somebody needs it; not while a newer one is on its way. */
  private rest(): void {
    const { current } = this;
    if (!current || this.attempt || this.removed) return;
    this.idle?.stop();
    this.cancelStable();
    this.current = undefined;
    this.change('rest');
    this.replace(current);
  }

  private onFailed(attempt: StartAttempt, error: unknown): void {
    const { definition, generation } = attempt.request;
    this.attempt = undefined;
    const reason = error instanceof Error ? error.message : String(error);
    if (!(error instanceof StartFailure)) this.options.logger.error({ event: 'plugin.start_broke', pluginId: definition.id, err: error }, 'A start failed in the host itself.');
    if (error instanceof StartFailure && error.exit) this.note(error.exit, generation);
    const replaces = this.lastGood !== undefined && definition === this.desired && !sameDefinition(definition, this.lastGood);
    const isNews = reason !== this.reloadFailed || !this.current;
    if (replaces) this.reloadFailed = reason;
    this.retries = replaces && error instanceof StartFailure && error.passing;
    let done: Done = { outcome: 'kept_old_generation', restartInMs: null };
    if (this.current) {
      if (this.retries) this.retryLater();
      this.change();
    } else {
      this.reason = reason;
      done = this.fall(false);
    }
    if (isNews) void this.cards.add({ definition, generation, reason, exit: error instanceof StartFailure ? error.exit : null, lastRequestId: '', at: this.options.clock.now(), ...done });
    this.markSettled();
  }

  /** What keeps a newer definition from serving may be over by itself; meanwhile the one before it goes on. */
  private retryLater(): void {
    this.cancelRetry();
    const delayMs = this.options.timings.probeMs * Math.min(2 ** this.retried, LONGEST_RETRY_PROBES);
    this.retried += 1;
    this.cancelRetry = this.options.clock.after(delayMs, () => {
      if (this.current && !this.attempt && !this.removed && this.reloadFailed !== null) this.begin(this.desired);
    });
  }

  private onEnded(generation: RunningGeneration, definition: PluginDefinition, { reason, exit, silence }: GenerationEnd): void {
    const crash = { definition, generation: generation.generation, reason, exit, lastRequestId: generation.lastRequestId ?? '', at: this.options.clock.now() };
    if (!this.removed && this.departures.expects(generation)) this.keep(generation, { ...crash, outcome: 'replaced', restartInMs: null }, silence);
    if (this.current?.generation !== generation || this.removed) return;
    this.current = undefined;
    this.cancelStable();
    this.idle?.stop();
    this.reason = reason;
    this.note(exit, generation.generation);
    void this.departures.follow(generation.end('unload'));
    this.keep(generation, { ...crash, ...this.fall(true) }, silence);
  }

  /** Other processes that called it may know of a later request. */
  private keep(generation: RunningGeneration, crash: Crash, silence?: Promise<unknown>): void {
    const calls = generation.sharing?.calls;
    if (!calls?.isHeld) return void this.cards.add(crash, silence);
    const late = new Promise<void>((resolve) => this.options.clock.after(LAST_WORD_MS, resolve));
    void Promise.race([calls.released(), late]).then(() => this.cards.add({ ...crash, lastRequestId: generation.lastRequestId ?? '' }, silence));
  }

  /** Nothing serves any more: wait and start again, unless a start is in progress already. */
  private fall(served: boolean): Done {
    const { clock, timings } = this.options;
    this.crashWindow.add(clock.now());
    this.change('crash');
    if (this.attempt) {
      this.change('start');
      return { outcome: 'restarting', restartInMs: 0 };
    }
    const loops = this.crashWindow.isLoop(clock.now());
    const delayMs = loops ? timings.probeMs : this.delay.next(served);
    this.change(loops ? 'giveUp' : 'wait');
    this.cancelRestart = clock.after(delayMs, () => {
      this.restarts += 1;
      this.begin();
    });
    return { outcome: loops ? 'crash_loop' : 'restarting', restartInMs: delayMs };
  }

  /** Another one serves now, or none. */
  private replace(served: Served): void {
    void this.departures.retire(served, 'unload', this.options.drainLimits).then(() => {
      if (!this.removed) this.change();
    });
  }

  private note(exit: ProcessExit, generation: number): void {
    this.lastExit = { code: exit.code, signal: exit.signal, generation, at: this.options.clock.now() };
  }

  private change(event?: PluginEvent): void {
    const before = this.state;
    if (event) this.state = nextState(this.state, event);
    if (this.state !== before) this.since = this.options.clock.now();
    this.options.onChange(this.status());
    if (this.current || !this.attempt) for (const resolve of this.demands.splice(0)) resolve();
  }
}
