import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { RequestLoad } from '../load/request-load';
import { percentile } from '../load/percentile';
import { BenchGateway, type Stalls } from './bench-gateway';
import type { BenchStudio } from './bench-studio';
import { residentBytes } from './process-figures';

export interface FullSyncFigures {
  /** Of all chunks and the index in Redis. */
  megabytes: number;
  /** From the publication to the revision in force, on a gateway that serves. */
  syncMs: number;
  stallsBefore: Stalls;
  stallsDuring: Stalls;
  load: { perSecond: number; failed: number; p99BeforeMs: number; p99DuringMs: number };
  /** From the start of a process that has nothing on its disk to its first good answer. */
  readyMs: number;
  residentMegabytes: { whileServing: number; afterStart: number };
  /** Clients that Redis cut off for what they had not read yet. */
  cutOff: number;
}

const LOAD_PER_SECOND = 200;
const CALM_MS = 5_000;
const OUTPUT_BUFFER_LIMIT = 'normal 33554432 33554432 0 replica 268435456 67108864 60 pubsub 33554432 8388608 60';

/** A gateway that serves a small snapshot gets a large one, all of it new; then another one starts with nothing. */
export async function measureFullSync(studio: BenchStudio, folder: string, from: number, to: number): Promise<FullSyncFigures> {
  const redis = new Redis(studio.redis.url);
  const gateway = await BenchGateway.start({ folder: join(folder, 'serving'), keys: studio.keys, redisUrl: studio.redis.url });
  let fresh: BenchGateway | undefined;
  try {
    await redis.config('SET', 'client-output-buffer-limit', OUTPUT_BUFFER_LIMIT);
    await gateway.untilReady();
    const load = new RequestLoad(gateway.url, LOAD_PER_SECOND, [{ path: '/livez' }]).start();
    await sleep(CALM_MS / 2);
    await gateway.stalls();
    await sleep(CALM_MS);
    const stallsBefore = await gateway.stalls();

    await studio.insertApps(from + 1, to);
    const began = performance.now();
    await studio.beginEpoch();
    const revision = await studio.revision();
    await studio.untilPublished();
    const publishedAt = Date.now();
    const enforcedAt = await gateway.untilEnforced(revision);
    const duringFrom = began;
    const stallsDuring = await gateway.stalls();
    const duringTo = performance.now();
    await sleep(CALM_MS);
    const { answers, failed } = await load.stop();
    const p99 = (within: (at: number) => boolean): number => percentile(answers.filter(({ at }) => within(at)).map(({ tookMs }) => tookMs), 0.99);
    const whileServing = residentBytes(gateway.process.pid);

    fresh = await BenchGateway.start({ folder: join(folder, 'fresh'), keys: studio.keys, redisUrl: studio.redis.url });
    const readyMs = await fresh.untilReady();
    await sleep(CALM_MS);
    return {
      megabytes: await megabytesIn(redis),
      syncMs: Math.max(0, enforcedAt - publishedAt),
      stallsBefore,
      stallsDuring,
      load: { perSecond: LOAD_PER_SECOND, failed, p99BeforeMs: p99((at) => at < duringFrom), p99DuringMs: p99((at) => at >= duringFrom && at <= duringTo) },
      readyMs,
      residentMegabytes: { whileServing: whileServing / 1e6, afterStart: residentBytes(fresh.process.pid) / 1e6 },
      cutOff: Number(/client_output_buffer_limit_disconnections:(\d+)/.exec(await redis.info('stats'))?.[1] ?? 0),
    };
  } finally {
    await fresh?.close();
    await gateway.close();
    redis.disconnect();
  }
}

async function megabytesIn(redis: Redis): Promise<number> {
  let bytes = 0;
  for (const key of await redis.keys('sluice:snapshot:*')) if (key.includes(':chunk:') || key.includes(':index:')) bytes += await redis.strlen(key);
  return bytes / 1e6;
}
