import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../load/percentile';
import { BenchGateway } from './bench-gateway';
import type { BenchStudio } from './bench-studio';
import { DeafeningProxy } from './deafening-proxy';

export interface PropagationFigures {
  changes: number;
  gateways: number;
  /** From the call of the API to the revision in force on the last gateway, and from its answer, which follows the commit. */
  fromCallMs: { p50: number; p99: number };
  fromAnswerMs: { p50: number; p99: number };
  /** The same for changes whose announcement one gateway did not get. */
  lostMs: number[];
}

const LOST_ROUNDS = 3;
const LOST_WITHIN_MS = 30_000;

export async function measurePropagation(studio: BenchStudio, folder: string, apps: number, changes: number): Promise<PropagationFigures> {
  const proxy = await DeafeningProxy.start(studio.redis.url);
  const gateways: BenchGateway[] = [];
  try {
    for (const [index, redisUrl] of [proxy.url, studio.redis.url, studio.redis.url].entries()) {
      gateways.push(await BenchGateway.start({ folder: join(folder, `p${index}`), keys: studio.keys, redisUrl }));
    }
    await Promise.all(gateways.map((gateway) => gateway.untilReady()));
    let revision = await studio.revision();
    const fromCall: number[] = [];
    const fromAnswer: number[] = [];
    const change = async (round: number): Promise<[called: number, answered: number]> => {
      const calledAt = Date.now();
      await studio.change(1 + ((round * 7_919) % apps), round);
      revision += 1;
      return [calledAt, Date.now()];
    };
    for (let round = 0; round < changes; round++) {
      const [calledAt, answeredAt] = await change(round);
      const enforcedAt = Math.max(...(await Promise.all(gateways.map((gateway) => gateway.untilEnforced(revision)))));
      fromCall.push(enforcedAt - calledAt);
      fromAnswer.push(Math.max(0, enforcedAt - answeredAt));
    }
    const lostMs: number[] = [];
    for (let round = 0; round < LOST_ROUNDS; round++) {
      await sleep(1_000);
      proxy.deaf = true;
      const [calledAt] = await change(changes + round);
      await gateways[1]!.untilEnforced(revision);
      await sleep(100);
      proxy.deaf = false;
      lostMs.push((await gateways[0]!.untilEnforced(revision, LOST_WITHIN_MS)) - calledAt);
    }
    const summary = (values: number[]): { p50: number; p99: number } => ({ p50: percentile(values, 0.5), p99: percentile(values, 0.99) });
    return { changes, gateways: gateways.length, fromCallMs: summary(fromCall), fromAnswerMs: summary(fromAnswer), lostMs };
  } finally {
    await Promise.all(gateways.map((gateway) => gateway.close()));
    await proxy.close();
  }
}
