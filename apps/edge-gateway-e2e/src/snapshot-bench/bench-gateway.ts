import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, spawnNode, waitFor, type NodeChild } from '@sluice/testing';
import type { StackKeys } from '../stack/keys';
import { NODE_ARGS } from '../stack/node-args';
import { repository } from '../stack/repository';

const READY_MS = 120_000;

/** How long the event loop was held up, without what any timer takes. */
export interface Stalls {
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

/** A gateway process that has Redis and its disk, and nothing else. It tells in its log what it enforces. */
export class BenchGateway {
  /** When each revision was in force, in Unix milliseconds. */
  readonly enforcedAt = new Map<number, number>();
  private stallsSeen: Stalls[] = [];
  private unread = '';

  private constructor(
    readonly process: NodeChild,
    readonly url: string,
    readonly startedAt: number,
  ) {
    process.process.stdout!.on('data', (text: string) => this.read(text));
  }

  /** Resolves at once; see `untilReady`. */
  static async start({ folder, keys, redisUrl, stateFolder = folder }: { folder: string; keys: StackKeys; redisUrl?: string; stateFolder?: string }): Promise<BenchGateway> {
    const port = await freePort();
    mkdirSync(stateFolder, { recursive: true });
    const startedAt = Date.now();
    const child = spawnNode(join(repository, 'apps/edge-gateway/dist/main.js'), {
      nodeArgs: NODE_ARGS,
      env: {
        NODE_ENV: 'production',
        NODE_OPTIONS: `--require ${join(__dirname, 'event-loop-probe.js')}`,
        GATEWAY_HOST: '127.0.0.1',
        GATEWAY_PORT: String(port),
        GATEWAY_NAME: 'bench',
        GATEWAY_STATE_DIR: stateFolder,
        PLUGIN_RUN_DIR: join(folder, 'run'),
        EDGE_SHARED_KEY: keys.edgeSharedKey,
        SNAPSHOT_PUBLIC_KEYS: keys.publicKey,
        REDIS_URL: redisUrl,
        STUDIO_URL: undefined,
        STUDIO_GRPC_URL: undefined,
      },
    });
    return new BenchGateway(child, `http://127.0.0.1:${port}`, startedAt);
  }

  /** Milliseconds from its start to its first good answer. */
  async untilReady(): Promise<number> {
    await waitFor(async () => (await fetch(`${this.url}/readyz`)).ok, { timeoutMs: READY_MS, intervalMs: 2, message: () => `the gateway is ready: ${this.process.stdout().slice(-2_000)}${this.process.stderr()}` });
    return Date.now() - this.startedAt;
  }

  /** @returns when this revision, or a later one, was in force; Unix milliseconds. */
  async untilEnforced(revision: number, timeoutMs = READY_MS): Promise<number> {
    const find = (): number | undefined => this.enforcedAt.get(revision) ?? [...this.enforcedAt].find(([later]) => later > revision)?.[1];
    return (await waitFor(() => find(), { timeoutMs, intervalMs: 1, message: `revision ${revision} is in force` }))!;
  }

  /** Since the last call, or since its start. */
  async stalls(): Promise<Stalls> {
    this.process.process.kill('SIGUSR2');
    const [stalls] = await waitFor(() => (this.stallsSeen.length > 0 ? this.stallsSeen : undefined), { message: 'the gateway tells its stalls' }) as [Stalls];
    this.stallsSeen = [];
    return stalls;
  }

  async close(): Promise<void> {
    await this.process.end();
  }

  private read(text: string): void {
    const lines = (this.unread + text).split('\n');
    this.unread = lines.pop()!;
    for (const line of lines) {
      if (line.startsWith('{"stalls"')) this.stallsSeen.push((JSON.parse(line) as { stalls: Stalls }).stalls);
      else if (line.includes('"snapshot applied"')) {
        const { revision, time } = JSON.parse(line) as { revision: number; time: string };
        this.enforcedAt.set(revision, Date.parse(time));
      }
    }
  }
}
