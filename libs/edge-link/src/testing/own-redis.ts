import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { freePort, waitFor } from '@sluice/testing';
import { Redis } from 'ioredis';

export type RedisProgram = 'redis-server' | 'js-redis-server';

/** A Redis that a test may kill and start again, always on the same port. It keeps nothing. */
export class OwnRedis {
  private child: ReturnType<typeof spawn> | undefined;

  private constructor(
    readonly port: number,
    private readonly program: RedisProgram,
  ) {}

  /** The real one when it is installed, unless the test asks for one of the two. Not running yet. */
  static async onFreePort(program: RedisProgram = redisIsInstalled() ? 'redis-server' : 'js-redis-server'): Promise<OwnRedis> {
    return new OwnRedis(await freePort(), program);
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const [command, args] =
      this.program === 'redis-server'
        ? ['redis-server', ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', tmpdir()]]
        : [process.execPath, ['-e', EMULATION, String(this.port)]];
    this.child = spawn(command, args, { stdio: 'ignore' });
    await waitFor(() => this.answers(), { timeoutMs: 20_000, message: `${this.program} answers` });
  }

  /** As a crash would. */
  async kill(): Promise<void> {
    if (!this.child || this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }

  private async answers(): Promise<boolean> {
    const redis = new Redis(this.url, { lazyConnect: true, retryStrategy: () => null });
    redis.on('error', () => undefined);
    try {
      await redis.connect();
      return (await redis.ping()) === 'PONG';
    } finally {
      redis.disconnect();
    }
  }
}

export function redisIsInstalled(): boolean {
  return spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0;
}

// The package's ready-made server listens on every interface.
const EMULATION = `
const { createRedisCommandExecutor, RedisServerState, Resp2Server, resolveCompatibilityProfile } = require('js-redis-server/core');
const compatibility = resolveCompatibilityProfile('redis-7.2');
const executor = createRedisCommandExecutor({ compatibility });
new Resp2Server({ server: new RedisServerState({ databaseCount: 1, compatibility }), executor, logger: console }).server.listen(Number(process.argv[1]), '127.0.0.1');
`;
