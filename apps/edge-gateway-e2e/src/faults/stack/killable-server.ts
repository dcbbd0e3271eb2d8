import { join } from 'node:path';
import { spawnNode, type NodeChild } from '@sluice/testing';
import { repository } from '../../stack/repository';

const PROGRAM = join(repository, 'libs/platform-server/dist/cli.js');

/** A PostgreSQL or a Redis that comes back on its port. The database keeps what was committed, Redis nothing. */
export class KillableServer {
  private child: NodeChild | undefined;
  private address: URL | undefined;

  constructor(
    private readonly kind: 'postgres' | 'redis',
    private readonly folder: string,
  ) {}

  /** Of the server itself, with user and password. */
  get url(): URL {
    if (!this.address) throw new Error(`The ${this.kind} has not been started.`);
    return new URL(this.address);
  }

  get port(): number {
    return Number(this.url.port);
  }

  /** What a client writes who goes through a proxy. */
  urlThrough(port: number): string {
    const url = this.url;
    url.port = String(port);
    return url.href;
  }

  async start(): Promise<void> {
    const port = this.address?.port ?? '0';
    const only = this.kind === 'postgres' ? ['--no-redis', '--postgres-port', port] : ['--no-postgres', '--redis-port', port];
    const child = spawnNode(PROGRAM, { args: ['--data', join(this.folder, this.kind), ...only] });
    this.child = child;
    const [line] = await child.waitForOutput(/^\{.*\}$/m, 60_000);
    const urls = JSON.parse(line) as { databaseUrl?: string; redisUrl?: string };
    this.address = new URL(this.kind === 'postgres' ? urls.databaseUrl! : urls.redisUrl!);
  }

  /** At once, as `kill -9` does. */
  async kill(): Promise<void> {
    await this.child?.kill();
    this.child = undefined;
  }

  get running(): boolean {
    return this.child !== undefined;
  }
}
