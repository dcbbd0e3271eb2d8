import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { percentile } from '../load/percentile';
import { BenchGateway } from './bench-gateway';
import type { BenchStudio } from './bench-studio';
import { cpuMs } from './process-figures';

export interface OneChangeFigures {
  apps: number;
  changes: number;
  /** Of what goes over the channel for one change, announcement and delta. */
  bytes: { median: number; max: number };
  studioCpuMs: number;
  gatewayCpuMs: number;
  /** From the call of the API to the revision in force. */
  propagationMs: { p50: number; p99: number };
}

const CHANNEL = 'sluice:snapshot:{default}:announcements';
const WARM_UP = 100;
const IDLE_MS = 5_000;
/** Changes come apart, as an operator makes them. */
const PAUSE_MS = 20;

/** What the change of one app costs among so many. Background work, such as checkpoints, is part of it; what runs without any change is not. */
export async function measureOneChange(studio: BenchStudio, folder: string, apps: number, changes: number): Promise<OneChangeFigures> {
  const gateway = await BenchGateway.start({ folder, keys: studio.keys, redisUrl: studio.redis.url });
  const subscriber = new Redis(studio.redis.url);
  try {
    await gateway.untilReady();
    await subscriber.subscribe(CHANNEL);
    const bytes: number[] = [];
    subscriber.on('messageBuffer', (_, message: Buffer) => bytes.push(message.length));
    await change(studio, gateway, apps, WARM_UP, 0);
    await sleep(IDLE_MS);

    const cpu = (): [number, number] => [cpuMs(studio.pid), cpuMs(gateway.process.pid)];
    const idleAt = cpu();
    await sleep(IDLE_MS);
    const idle = cpu().map((value, index) => (value - idleAt[index]!) / IDLE_MS);
    bytes.length = 0;
    const [before, start] = [cpu(), performance.now()];
    const took = await change(studio, gateway, apps, changes, WARM_UP);
    const elapsed = performance.now() - start;
    const [studioCpuMs, gatewayCpuMs] = cpu().map((value, index) => (value - before[index]! - idle[index]! * elapsed) / changes);
    return {
      apps,
      changes,
      bytes: { median: percentile(bytes, 0.5), max: Math.max(...bytes) },
      studioCpuMs: studioCpuMs!,
      gatewayCpuMs: gatewayCpuMs!,
      propagationMs: { p50: percentile(took, 0.5), p99: percentile(took, 0.99) },
    };
  } finally {
    subscriber.disconnect();
    await gateway.close();
  }
}

async function change(studio: BenchStudio, gateway: BenchGateway, apps: number, count: number, firstRound: number): Promise<number[]> {
  const took: number[] = [];
  let revision = await studio.revision();
  for (let round = firstRound; round < firstRound + count; round++) {
    const calledAt = Date.now();
    // A prime, so that the changes are spread over all of them.
    await studio.change(1 + ((round * 7_919) % apps), round);
    revision += 1;
    took.push((await gateway.untilEnforced(revision)) - calledAt);
    await sleep(PAUSE_MS);
  }
  return took;
}
