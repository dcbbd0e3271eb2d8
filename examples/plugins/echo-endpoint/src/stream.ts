import { setTimeout as after } from 'node:timers/promises';
import type { EndpointChunk } from '@sluice/plugin-sdk';

/** How many streams ended because their client went away. */
export class CancelledStreams {
  private count = 0;
  private lastAt = 0;

  add(): void {
    this.count += 1;
    this.lastAt = Date.now();
  }

  report(): { cancelled: number; last_at: number } {
    return { cancelled: this.count, last_at: this.lastAt };
  }
}

/**
 * `/stream?count=5&interval_ms=200&bytes=0&fail_after=3&fail_before=1`: server-sent events, one after the other. A count of 0 goes on
 * until the client has enough.
 */
export async function* countdown(cancelled: CancelledStreams, signal: AbortSignal, query: URLSearchParams): AsyncGenerator<EndpointChunk> {
  const number = (name: string, fallback: number) => Number(query.get(name) ?? fallback);
  const [count, intervalMs, size] = [number('count', 5), number('interval_ms', 200), number('bytes', 0)];
  const failAfter = query.has('fail_after') ? number('fail_after', 0) : Infinity;
  signal.addEventListener('abort', () => cancelled.add(), { once: true });

  if (number('fail_before', 0) > 0) throw new Error('the stream failed on purpose before it began');
  yield { status: 200, headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' } };
  for (let n = 0; count === 0 || n < count; n++) {
    if (n >= failAfter) throw new Error(`the stream failed on purpose after ${n} chunks`);
    if (n > 0) await after(intervalMs, undefined, { signal });
    yield eventOf(n, size);
  }
}

/** The padding is a comment of the event stream, so that the data stays what it is. */
function eventOf(n: number, size: number): string {
  const data = `data: ${JSON.stringify({ n, at: Date.now() })}\n`;
  const missing = size - data.length - 3;
  return missing > 0 ? `${data}:${'x'.repeat(missing)}\n\n` : `${data}\n`;
}
