import type { Clock } from '@sluice/kernel';

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
}

/** Resolves when no call is in progress, or when those that are have had their time. */
export function drain(generation: Draining, limits: DrainLimits, clock: Clock): Promise<void> {
  const startedAt = clock.now();
  return new Promise((resolve) => {
    const look = () => {
      const elapsed = clock.now() - startedAt;
      const limit = generation.activeStreams > 0 ? limits.streamMs : limits.unaryMs;
      if (generation.channel.activeCalls === 0 || elapsed >= limit) resolve();
      else clock.after(LOOK_EVERY_MS, look);
    };
    look();
  });
}
