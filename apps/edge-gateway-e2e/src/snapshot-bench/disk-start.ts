import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchGateway } from './bench-gateway';
import type { BenchStudio } from './bench-studio';

/** Long enough for what was applied to be on the disk. */
const KEEP_MS = 2_000;
const ROUNDS = 5;

/** @returns milliseconds from the start of a process that has its disk alone to its first good answer, several times. */
export async function measureDiskStart(studio: BenchStudio, folder: string): Promise<number[]> {
  const stateFolder = join(folder, 'disk');
  const first = await BenchGateway.start({ folder, stateFolder, keys: studio.keys, redisUrl: studio.redis.url });
  await first.untilReady();
  await sleep(KEEP_MS);
  await first.close();
  const took: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const gateway = await BenchGateway.start({ folder, stateFolder, keys: studio.keys });
    try {
      took.push(await gateway.untilReady());
    } finally {
      await gateway.close();
    }
  }
  return took;
}
