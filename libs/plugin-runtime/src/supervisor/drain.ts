import type { Clock } from '@sluice/kernel';
import type { OutsideCalls } from '../sharing/outside-calls';

const LOOK_EVERY_MS = 50;

export interface DrainLimits {
  /** How long unary calls may take. */
  unaryMs: number;
  /** How long calls answered by a stream may take; never shorter in effect than the unary limit while a stream is open. */
  streamMs: number;
}

/** What is drained: the counts of its calls in progress. */
export interface Draining {
  readonly channel: { readonly activeCalls: number };
  readonly activeStreams: number;
  /** Those of other processes. Left out: nobody else calls it. */
  readonly sharing?: { readonly calls: OutsideCalls };
}

/** Waits for the calls in progress of a generation that takes no more. */
export class Drain {
  /** Resolves when no call is in progress, or when those that are have had their time. */
  readonly done: Promise<void>;
  private unaryUntil: number;
  private streamUntil: number;

  constructor(
    private readonly generation: Draining,
    { unaryMs, streamMs }: DrainLimits,
    private readonly clock: Clock,
  ) {
    this.unaryUntil = clock.now() + unaryMs;
    this.streamUntil = clock.now() + streamMs;
    this.done = new Promise((resolve) => this.look(resolve));
  }

  /** From now on the calls have no more than this, however much they had before. */
  shorten({ unaryMs, streamMs }: DrainLimits): void {
    const now = this.clock.now();
    this.unaryUntil = Math.min(this.unaryUntil, now + unaryMs);
    this.streamUntil = Math.min(this.streamUntil, now + streamMs);
  }

  private look(over: () => void): void {
    const { channel, activeStreams, sharing } = this.generation;
    const until = activeStreams > 0 || (sharing && sharing.calls.activeStreams > 0) ? this.streamUntil : this.unaryUntil;
    if ((channel.activeCalls === 0 && !sharing?.calls.isHeld) || this.clock.now() >= until) over();
    else this.clock.after(LOOK_EVERY_MS, () => this.look(over));
  }
}
