import { setTimeout as sleep } from 'node:timers/promises';
import type { Stack } from '../stack/stack';
import { EventReader, type StreamEnd } from './event-reader';
import { residentBytes } from './process-memory';

export interface OpenStreamsOptions {
  streams: number;
  /** One event a second for each. */
  seconds: number;
  progress?(message: string): void;
}

export interface OpenStreamsFigures {
  streams: number;
  openedInMs: number;
  events: { expected: number; received: number; outOfOrder: number };
  /** Streams that did not come to their own end, by how they ended. */
  broken: Partial<Record<StreamEnd, number>>;
  longestGapMs: number;
  /** Of the gateway: before the first stream, and the most while all were open. */
  memory: { before: number; open: number; perStream: number };
  cpuShare: number;
}

const SLUG = 'streams';
const AT_ONCE = 100;
const BETWEEN_MS = 20;
const LOOK_MS = 1_000;

/** Opens many event streams with an event each second, and counts what arrives until each has come to its own end. */
export async function openStreamsRun(stack: Stack, { streams, seconds, progress }: OpenStreamsOptions): Promise<OpenStreamsFigures> {
  await stack.echo(SLUG);
  const { pid } = stack.gateway;
  const url = new URL(`${stack.gatewayUrl}/plugins/${SLUG}/stream?count=${seconds}&interval_ms=1000`);
  // What the first streams have made is not what a stream costs.
  await Promise.all(Array.from({ length: 20 }, () => new EventReader(new URL(`${stack.gatewayUrl}/plugins/${SLUG}/stream?count=2&interval_ms=10`)).ended));
  const before = residentBytes(pid);
  const cpuBefore = await stack.metric('process_cpu_seconds_total');
  const beganAt = performance.now();
  const readers: EventReader[] = [];
  while (readers.length < streams) {
    for (let n = Math.min(AT_ONCE, streams - readers.length); n > 0; n--) readers.push(new EventReader(url));
    await sleep(BETWEEN_MS);
  }
  while (readers.some((reader) => reader.received === 0) && performance.now() - beganAt < 60_000) await sleep(BETWEEN_MS);
  const openedInMs = performance.now() - beganAt;
  progress?.(`${streams} streams open after ${(openedInMs / 1_000).toFixed(1)} s`);

  let done = false;
  const all = Promise.all(readers.map((reader) => reader.ended)).finally(() => (done = true));
  let open = 0;
  for (let looks = 1; !done; looks++) {
    open = Math.max(open, residentBytes(pid));
    if (looks % 30 === 0) progress?.(`${readers.reduce((sum, reader) => sum + reader.received, 0)} events`);
    await Promise.race([all, sleep(LOOK_MS)]);
  }
  const ends = await all;
  const elapsed = (performance.now() - beganAt) / 1_000;
  const cpu = (await stack.metric('process_cpu_seconds_total')) - cpuBefore;
  const broken: Partial<Record<StreamEnd, number>> = {};
  for (const end of ends) if (end !== 'complete') broken[end] = (broken[end] ?? 0) + 1;
  const sum = (of: (reader: EventReader) => number) => readers.reduce((total, reader) => total + of(reader), 0);
  return {
    streams,
    openedInMs,
    events: { expected: streams * seconds, received: sum((reader) => reader.received), outOfOrder: sum((reader) => reader.outOfOrder) },
    broken,
    longestGapMs: readers.reduce((most, reader) => Math.max(most, reader.longestGapMs), 0),
    memory: { before, open, perStream: (open - before) / streams },
    cpuShare: cpu / elapsed,
  };
}
