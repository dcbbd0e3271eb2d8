import { monitorEventLoopDelay } from 'node:perf_hooks';

/**
 * Preloaded into a gateway with `--require`. SIGUSR2 writes how long the event loop was held up since the last time, as one line, and begins anew.
 * The resolution is part of every measured delay, and is taken off.
 */
const RESOLUTION_MS = 1;

const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
histogram.enable();
process.on('SIGUSR2', () => {
  const inMs = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  process.stdout.write(`${JSON.stringify({ stalls: { p50Ms: inMs(histogram.percentile(50)), p99Ms: inMs(histogram.percentile(99)), maxMs: inMs(histogram.max) } })}\n`);
  histogram.reset();
});
