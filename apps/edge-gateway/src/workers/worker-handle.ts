import type { Change, GenerationName, PluginView, PrimaryQuestion, ToPrimary, ToWorker, WorkerQuestion } from './messages';
import { Peer, type PeerHandler } from './peer';
import type { WorkerProcess } from './worker-process';

/** No longer may a worker let these take; afterwards it is ended, and another one begins. */
export interface WorkerLimits {
  /** To refuse the tokens that were taken back, ahead of their revision or by a small change. */
  revocationMs: number;
  /** Between two signs of life while it takes a large change, or begins. */
  changeMs: number;
  beginMs: number;
  /** To say that it is alive. */
  aliveMs: number;
}

/** What a worker's news means for the others. */
export interface HandleOwner {
  /** The worker can take its configuration now. */
  begin(handle: WorkerHandle): { plugins: PluginView[]; change: Change | null; revocations: Uint8Array[] };
  /** The number of the newest change. */
  readonly newest: number;
  enforced(handle: WorkerHandle): void;
  notice(handle: WorkerHandle, notice: Exclude<ToPrimary, { kind: 'hello' | 'enforced' | 'revoked' }>): void;
  answer(handle: WorkerHandle, question: WorkerQuestion): Promise<unknown>;
}

/** One worker as the primary sees it: what it has been told, what of that it has done, and whether it is late. */
export class WorkerHandle implements PeerHandler<ToPrimary, WorkerQuestion> {
  /** The newest change that it enforces; -1 until it has begun. */
  enforcedNumber = -1;
  /** It may answer requests: from here on what it enforces counts. */
  admitted = false;
  serving = false;
  servingSinceMs = 0;
  /** The last metrics that it gave. */
  metrics = '';
  private begun = false;
  private toldNumber = 0;
  /** The newest of those that take longer than a turn. */
  private largeNumber = 0;
  private lastSignMs = performance.now();
  private lastAliveMs = performance.now();
  /** Revocations that it has not confirmed, by number: when it was told. */
  private readonly revocations = new Map<number, number>();
  private readonly peer: Peer<ToWorker, PrimaryQuestion, ToPrimary, WorkerQuestion>;

  constructor(
    readonly process: WorkerProcess,
    private readonly owner: HandleOwner,
    private readonly limits: WorkerLimits,
  ) {
    this.peer = new Peer(process.port, this);
  }

  get id(): number {
    return this.process.id;
  }

  /** Before it has begun it needs no news: it gets all at once then. */
  change(change: Change): void {
    if (!this.begun) return;
    if (this.toldNumber === this.enforcedNumber) this.lastSignMs = performance.now();
    this.toldNumber = change.number;
    if (!isSmall(change)) this.largeNumber = change.number;
    this.tell({ kind: 'change', change });
  }

  revocation(number: number, bytes: Uint8Array): void {
    if (!this.begun) return;
    this.revocations.set(number, performance.now());
    this.tell({ kind: 'revocation', number, bytes });
  }

  plugin(view: PluginView): void {
    if (this.begun) this.tell({ kind: 'plugin', view });
  }

  ended(name: GenerationName): void {
    if (this.begun) this.tell({ kind: 'ended', name });
  }

  leave(): void {
    this.tell({ kind: 'leave' });
  }

  /** Afterwards `metrics` is up to date, if it answered in time. */
  async readMetrics(limitMs: number): Promise<void> {
    if (this.serving) this.metrics = await this.peer.ask<string>({ what: 'metrics' }, limitMs).catch(() => this.metrics);
  }

  /** Has it show that its event loop turns. */
  probe(): void {
    if (this.begun) void this.peer.ask({ what: 'alive' }, this.limits.aliveMs).then(() => (this.lastAliveMs = performance.now()), () => undefined);
    else this.lastAliveMs = performance.now();
  }

  /** The primary has not heard anybody for a while: all that was due meanwhile is due anew from now on. */
  excuse(nowMs: number): void {
    this.lastSignMs = this.lastAliveMs = nowMs;
    for (const number of this.revocations.keys()) this.revocations.set(number, nowMs);
  }

  /** Why it has to be ended; undefined while it keeps its time. */
  lateness(nowMs: number): string | undefined {
    const { revocationMs, changeMs, beginMs, aliveMs } = this.limits;
    // Before it is admitted it answers nobody, and what it is taking may have to come first.
    if (this.admitted) for (const toldMs of this.revocations.values()) if (nowMs - toldMs > revocationMs) return 'It did not confirm in time that it refuses a token that was taken back.';
    const silentMs = nowMs - this.lastSignMs;
    if (this.begun && this.enforcedNumber < this.toldNumber) {
      const isLarge = this.enforcedNumber < this.largeNumber;
      if (isLarge && silentMs > changeMs) return 'It did not take a new configuration in time.';
      if (!isLarge && silentMs > revocationMs) return 'It did not take a small change in time, which may take a token back.';
    }
    if (!this.serving && silentMs > beginMs) return 'It did not begin to serve in time.';
    return nowMs - this.lastAliveMs > aliveMs ? 'Its event loop does not turn.' : undefined;
  }

  /** Its process is gone. */
  close(): void {
    this.peer.close();
  }

  notice(notice: ToPrimary): void {
    switch (notice.kind) {
      case 'hello':
        return this.begin();
      case 'enforced':
        this.sign();
        this.enforcedNumber = notice.number;
        this.admit();
        return this.owner.enforced(this);
      case 'revoked':
        this.revocations.delete(notice.number);
        return;
      case 'serving':
        this.sign();
        this.serving = true;
        this.servingSinceMs = performance.now();
        return this.owner.notice(this, notice);
      default:
        return this.owner.notice(this, notice);
    }
  }

  answer(question: WorkerQuestion): Promise<unknown> {
    if (question.what === 'piece') this.sign();
    return this.owner.answer(this, question);
  }

  // Of what it is to take: that it reports on calls says nothing about that.
  private sign(): void {
    this.lastSignMs = performance.now();
  }

  private begin(): void {
    this.sign();
    const first = this.owner.begin(this);
    this.begun = true;
    this.lastAliveMs = performance.now();
    this.toldNumber = this.largeNumber = first.change?.number ?? 0;
    this.tell({ kind: 'begin', ...first });
  }

  // Asked in the turn in which it counts: what comes later waits for it too.
  private admit(): void {
    if (this.admitted || this.enforcedNumber < this.owner.newest) return;
    this.admitted = true;
    this.tell({ kind: 'serve' });
  }

  private tell(notice: ToWorker): void {
    this.peer.tell(notice);
  }
}

/** It came whole, and is applied in one turn. */
function isSmall({ kind, source }: Change): boolean {
  return kind !== 'whole' && source === 0;
}
