import { randomBytes } from 'node:crypto';

import { Redis } from 'ioredis';

import { testRedisUrl } from './servers';

export interface TestRedis {
  /** Names a numbered database that no other test has until `close`. It was emptied. */
  url: string;
  /** For channels, which all databases of a Redis share. Ends with a colon. */
  prefix: string;
  /** Empties the database and gives it back. */
  close(): Promise<void>;
}

/** Database 0 keeps who has which of the others. */
const numbers = Array.from({ length: 15 }, (_, index) => index + 1);
const claimKey = (number: number): string => `sluice-test:database:${number}`;

/** A Redis database of the test's own on `TEST_REDIS_URL`. */
export async function testRedis(): Promise<TestRedis> {
  const administrator = new Redis(testRedisUrl(), { lazyConnect: true });
  await administrator.connect();
  try {
    const number = await claimDatabase(administrator);
    await emptyDatabase(number);
    return { url: databaseUrl(number), prefix: `test:${randomBytes(6).toString('hex')}:`, close: () => release(number) };
  } finally {
    administrator.disconnect();
  }
}

/** Takes the claim if it is still as it was read: free (`''`) or a dead process's. */
const takeClaim = `
  local holder = redis.call('GET', KEYS[1]) or ''
  if holder ~= ARGV[1] then return 0 end
  redis.call('SET', KEYS[1], ARGV[2])
  return 1`;

async function claimDatabase(redis: Redis): Promise<number> {
  for (const number of numbers) {
    const holder = (await redis.get(claimKey(number))) ?? '';
    // A test run that was killed gave nothing back.
    if (holder !== '' && isRunning(Number(holder))) continue;
    if ((await redis.eval(takeClaim, 1, claimKey(number), holder, String(process.pid))) === 1) return number;
  }
  throw new Error(`All ${numbers.length} test databases of this Redis are taken: some test does not call close().`);
}

async function release(number: number): Promise<void> {
  await emptyDatabase(number);
  const redis = new Redis(testRedisUrl());
  await redis.del(claimKey(number));
  redis.disconnect();
}

async function emptyDatabase(number: number): Promise<void> {
  const redis = new Redis(databaseUrl(number));
  await redis.flushdb();
  redis.disconnect();
}

function databaseUrl(number: number): string {
  const url = new URL(testRedisUrl());
  url.pathname = `/${number}`;
  return url.href;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
