import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

import { freePort, spawnNode, waitFor, type NodeChild, type SpawnNodeOptions } from '@sluice/testing';
import { Redis } from 'ioredis';
import { Client } from 'pg';

import { clusterFolder } from './postgres/cluster-folder';
import { isReachableByAll } from './postgres/public-folder';
import { inspectProcess, isRunning } from './process/inspect-process';

const cli = resolve(__dirname, '../dist/cli.js');
const isRoot = process.getuid?.() === 0;
const nobody = { uid: 65_534, gid: 65_534 };
jest.setTimeout(180_000);

interface Servers {
  child: NodeChild;
  databaseUrl: string;
  redisUrl: string;
  redisKind: string;
}

describe('the embedded servers', () => {
  let folder: string;
  const children: NodeChild[] = [];

  beforeAll(() => {
    if (!existsSync(cli)) throw new Error('Build first: npx nx run @sluice/platform-server:build');
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-servers-'));
    chmodSync(folder, 0o755);
  });
  afterEach(async () => {
    await Promise.all(children.splice(0).map((child) => child.end()));
    // Ends what a killed one left, so that no test leaves processes.
    chmodSync(folder, 0o755);
    const cleaner = launch(['--data', folder]);
    await cleaner.waitForOutput(/\n/);
    await cleaner.end();
    children.length = 0;
    rmSync(folder, { recursive: true, force: true });
  });

  function launch(args: string[], options: SpawnNodeOptions = {}): NodeChild {
    const child = spawnNode(cli, { ...options, args });
    children.push(child);
    return child;
  }

  async function start(args: string[] = [], options: SpawnNodeOptions = {}): Promise<Servers> {
    const child = launch(['--data', folder, ...args], options);
    const [line] = await child.waitForOutput(/^\{.*\}\n/, 120_000);
    return { child, ...(JSON.parse(line) as Omit<Servers, 'child'>) };
  }

  async function query(url: string, sql: string): Promise<unknown[]> {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  it('keep the data over a restart and end with their owner', async () => {
    const first = await start();
    await query(first.databaseUrl, 'CREATE TABLE kept AS SELECT 7 AS id');
    await expect(first.child.end()).resolves.toEqual({ code: 0, signal: null });
    await expect(query(first.databaseUrl, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');

    const second = await start();
    expect(await query(second.databaseUrl, 'SELECT id FROM kept')).toEqual([{ id: 7 }]);
  });

  it('start again on the same ports and data after kill -9 of their owner', async () => {
    const ports = ['--postgres-port', String(await freePort()), '--redis-port', String(await freePort())];
    const first = await start(ports);
    await query(first.databaseUrl, 'CREATE TABLE kept AS SELECT 7 AS id');
    await first.child.end('SIGKILL');
    expect(await query(first.databaseUrl, 'SELECT id FROM kept')).toEqual([{ id: 7 }]);

    const second = await start(ports);
    expect(second.child.stderr()).toMatch(/Stopping PostgreSQL \(process \d+\), which a former run left behind/);
    expect(second.databaseUrl).toBe(first.databaseUrl);
    expect(await query(second.databaseUrl, 'SELECT id FROM kept')).toEqual([{ id: 7 }]);
  });

  it('start after a kill -9 in the middle of making the database', async () => {
    const first = launch(['--data', folder]);
    await waitFor(() => readdirSync(join(folder, 'postgres')).some((name) => name.startsWith('cluster.new-')), { intervalMs: 1 });
    await first.end('SIGKILL');
    expect(existsSync(join(folder, 'postgres', 'cluster'))).toBe(false);
    const second = await start();
    expect(await query(second.databaseUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('end when their launcher is gone', async () => {
    const { child, redisUrl } = await start();
    child.process.stdin?.end();
    await expect(child.exited).resolves.toEqual({ code: 0, signal: null });
    await expect(new Redis(redisUrl, { lazyConnect: true, retryStrategy: null }).connect()).rejects.toThrow();
  });

  it('are brought back on the same port when they are killed', async () => {
    const { child, databaseUrl, redisUrl } = await start();
    const pid = Number(readFileSync(join(folder, 'postgres/cluster/data/postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(pid, 'SIGKILL');
    process.kill(Number(readFileSync(join(folder, 'redis/redis.pid'), 'utf8')), 'SIGKILL');
    await waitFor(() => /PostgreSQL ended \(signal SIGKILL\)/.test(child.stderr()) && /Redis ended \(signal SIGKILL\)/.test(child.stderr()));
    await waitFor(() => query(databaseUrl, 'SELECT 1'), { timeoutMs: 60_000, message: 'PostgreSQL is back' });
    const redis = new Redis(redisUrl);
    redis.on('error', () => undefined);
    expect(await redis.ping()).toBe('PONG');
    redis.disconnect();
  });

  it('run beside others that have another data directory', async () => {
    mkdirSync(join(folder, 'other'));
    const [one, other] = await Promise.all([start(), launch(['--data', join(folder, 'other')]).waitForOutput(/^\{.*\}\n/, 120_000)]);
    expect((JSON.parse(other[0]) as Servers).databaseUrl).not.toBe(one.databaseUrl);
  });

  it('refuse a data directory in use, and name the process', async () => {
    const first = await start();
    const second = launch(['--data', folder]);
    expect((await second.exited).code).toBe(1);
    expect(second.stderr()).toContain(`${join(folder, 'postgres')} is in use by process ${first.child.pid}`);
    expect(await query(first.databaseUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('name a port that is taken, and leave nothing running', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await waitFor(() => other.listening);
    const { port } = other.address() as AddressInfo;
    for (const [option, name] of [['--postgres-port', 'PostgreSQL'], ['--redis-port', 'Redis']] as const) {
      const child = launch(['--data', folder, option, String(port)]);
      expect((await child.exited).code).toBe(1);
      expect(child.stderr()).toContain(`${name} cannot listen on 127.0.0.1:${port}: the port is taken by another program`);
    }
    other.close();
    expect(existsSync(join(folder, 'redis/redis.pid'))).toBe(false);
    expect(existsSync(join(folder, 'postgres/cluster/data/postmaster.pid'))).toBe(false);
  });

  it('leave a stranger alone that got the process id of a former run', async () => {
    const first = await start();
    await first.child.end();
    const stranger = spawnNode('-e', { args: ['setInterval(() => {}, 1000)'] });
    children.push(stranger);
    writeFileSync(join(folder, 'postgres/cluster/data/postmaster.pid'), `${stranger.pid}\n${folder}\n1\n1\n\n127.0.0.1\n1 1\nready\n`);
    writeFileSync(join(folder, 'redis/redis.pid'), `${stranger.pid}\n`);
    const second = await start();
    expect(await query(second.databaseUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(isRunning(stranger.pid)).toBe(true);
  });

  it('offer what is used of Redis when only the one in JavaScript is there', async () => {
    const { redisUrl, redisKind, child } = await start(['--no-postgres', '--redis-kind', 'js-redis-server']);
    expect(redisKind).toBe('js-redis-server');
    const [redis, subscriber] = [new Redis(redisUrl), new Redis(redisUrl)];
    const compareAndSet = `if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[1], ARGV[2]) return 1 end return 0`;
    await redis.set('pointer', 'one');
    expect([await redis.eval(compareAndSet, 1, 'pointer', 'one', 'two'), await redis.eval(compareAndSet, 1, 'pointer', 'one', 'three')]).toEqual([1, 0]);
    expect(await redis.get('pointer')).toBe('two');

    await subscriber.subscribe('news');
    const message = new Promise((done) => subscriber.once('message', (_channel, text) => done(text)));
    await redis.publish('news', 'hello');
    await expect(message).resolves.toBe('hello');
    redis.disconnect();
    subscriber.disconnect();

    await child.end('SIGKILL');
    const pid = Number(readFileSync(join(folder, 'redis/redis.pid'), 'utf8'));
    expect(inspectProcess(pid)?.commandLine).toContain('js-redis-main');
    await start(['--no-postgres']);
    await waitFor(() => !isRunning(pid), { message: 'the orphan is gone' });
  });

  (isRoot ? it : it.skip)('run for root below a folder that only root can enter', async () => {
    chmodSync(folder, 0o700);
    const first = await start(['--no-redis']);
    await query(first.databaseUrl, 'CREATE TABLE kept AS SELECT 7 AS id');
    await first.child.end();
    const second = await start(['--no-redis']);
    expect(await query(second.databaseUrl, 'SELECT id FROM kept')).toEqual([{ id: 7 }]);
    await second.child.end();
    rmSync(dirname(clusterFolder(join(folder, 'postgres'))), { recursive: true });
  });

  (isRoot && isReachableByAll(__dirname) ? it : it.skip)('run for somebody who is not root', async () => {
    chmodSync(folder, 0o777);
    const { databaseUrl, redisUrl, child } = await start([], nobody);
    expect(await query(databaseUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(redisUrl).toMatch(/^redis:/);
    await child.end('SIGKILL');
    const second = await start([], nobody);
    expect(await query(second.databaseUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await second.child.end();
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
  });
});
