import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '@sluice/testing';
import { repository } from '../stack/repository';
import { percentile } from '../load/percentile';
import type { BenchStudio } from './bench-studio';

export interface FanOutFigures {
  gateways: number;
  processes: number;
  changes: number;
  /** From the first gateway that had a revision to each of them. */
  spreadMs: { p50: number; p99: number };
  /** From the call of the API to the revision in force, of each gateway. */
  enforcedMs: { p50: number; p99: number };
}

/** What the program of simulated gateways tells: that all of them have a snapshot, or when each of them had a revision, in Unix milliseconds. */
type Answer = { ready: true } | { revision: number; at: number[] };

const PROGRAM = join(repository, 'tools/bench/snapshot-receivers.mjs');
const PROCESSES = 4;
const SYNC_MS = 120_000;
const PAUSE_MS = 100;

/** The same change to many gateways: real receivers and real proofs, in a few processes. */
export async function measureFanOut(studio: BenchStudio, apps: number, gateways: number, changes: number): Promise<FanOutFigures> {
  const processes: ChildProcess[] = [];
  const reached = new Map<number, number[]>();
  let ready = 0;
  try {
    for (let index = 0; index < PROCESSES; index++) {
      const child = fork(PROGRAM, { stdio: 'inherit', env: { ...process.env, NODE_ENV: 'production' } });
      processes.push(child);
      child.on('message', (answer: Answer) => {
        if ('ready' in answer) ready += 1;
        else reached.set(answer.revision, [...(reached.get(answer.revision) ?? []), ...answer.at]);
      });
      child.send({ redisUrl: studio.redis.url, publicKey: studio.keys.publicKey, count: gateways / PROCESSES });
    }
    await waitFor(() => ready === PROCESSES, { timeoutMs: SYNC_MS, message: () => `all simulated gateways have a snapshot; ${ready} processes do` });
    let revision = await studio.revision();
    const enforced: number[] = [];
    const spread: number[] = [];
    for (let round = 0; round < changes + 5; round++) {
      await sleep(PAUSE_MS);
      const calledAt = Date.now();
      await studio.change(1 + (round % apps), round);
      revision += 1;
      const at = await waitFor(() => (reached.get(revision)?.length === gateways ? reached.get(revision) : undefined), { timeoutMs: 30_000, intervalMs: 2, message: `all have revision ${revision}` });
      // The first ones warm it up.
      if (round < 5) continue;
      const first = Math.min(...at!);
      for (const time of at!) {
        enforced.push(time - calledAt);
        spread.push(time - first);
      }
    }
    const summary = (values: number[]): { p50: number; p99: number } => ({ p50: percentile(values, 0.5), p99: percentile(values, 0.99) });
    return { gateways, processes: PROCESSES, changes, spreadMs: summary(spread), enforcedMs: summary(enforced) };
  } finally {
    for (const child of processes) child.disconnect();
  }
}
