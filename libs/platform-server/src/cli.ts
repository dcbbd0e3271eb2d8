import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { parseCliArguments, usage, type CliArguments } from './cli/arguments';
import { KeptServer } from './cli/kept-server';
import { untilToldToStop } from './cli/until-told-to-stop';
import type { Log } from './log';
import { startPostgres, type RunningPostgres } from './postgres/start-postgres';
import { startRedis, type RunningRedis } from './redis/start-redis';

const log: Log = (message) => void process.stderr.write(`${message}\n`);

async function run(options: CliArguments): Promise<void> {
  const toldToStop = untilToldToStop();
  const dataDirectory = resolve(options.dataDirectory);
  mkdirSync(dataDirectory, { recursive: true });
  const postgresOn = (port: number): Promise<RunningPostgres> =>
    startPostgres({ dataDirectory: join(dataDirectory, 'postgres'), port, durable: options.durable, log });
  const redisOn = (port: number): Promise<RunningRedis> => startRedis({ dataDirectory: join(dataDirectory, 'redis'), port, kinds: options.redisKinds, log });

  const started = await Promise.allSettled([
    options.postgres ? postgresOn(options.postgresPort) : undefined,
    options.redis ? redisOn(options.redisPort) : undefined,
  ]);
  const [postgres, redis] = started.map((each) => (each.status === 'fulfilled' ? each.value : undefined)) as [RunningPostgres?, RunningRedis?];
  const kept = [
    ...(postgres ? [new KeptServer('PostgreSQL', postgres, () => postgresOn(portOf(postgres.url)), log)] : []),
    ...(redis ? [new KeptServer('Redis', redis, () => redisOn(portOf(redis.url)), log)] : []),
  ];
  try {
    const failed = started.find((each) => each.status === 'rejected');
    if (failed) throw failed.reason;
    process.stdout.write(`${JSON.stringify({ databaseUrl: postgres?.url, redisUrl: redis?.url, redisKind: redis?.kind })}\n`);
    const reason = await Promise.race([toldToStop, ...kept.map((each) => each.untilGivenUp().then((why) => Promise.reject(new Error(why))))]);
    log(`Stopping: ${reason}`);
  } finally {
    await Promise.all(kept.map((each) => each.stop()));
  }
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

let options: CliArguments;
try {
  options = parseCliArguments(process.argv.slice(2));
} catch (error) {
  log(`${(error as Error).message}\n\n${usage}`);
  process.exit(2);
}
run(options).then(
  () => process.exit(0),
  (error: unknown) => {
    log((error as Error).message);
    process.exit(1);
  },
);
