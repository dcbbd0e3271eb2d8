import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, freePort, spawnNode, testRedis, waitFor, type NodeChild } from '@sluice/testing';
import { newKeys, type StackKeys } from './keys';
import { NODE_ARGS } from './node-args';
import { RedisUsers } from './redis-users';
import { echoCommand, repository } from './repository';
import { StudioApi } from './studio-api';

const ADMIN = { email: 'admin@example.com', password: 'correct horse battery' };

/** What lies behind a gateway. */
export interface Servers {
  databaseUrl: string;
  redisUrl: string;
  close(): Promise<void>;
}

/** A database and a Redis number of the servers that all tests share. */
export async function sharedServers(): Promise<Servers> {
  const [database, redis] = await Promise.all([createTestDatabase(), testRedis()]);
  return {
    databaseUrl: database.url,
    redisUrl: redis.url,
    close: async () => {
      await Promise.all([database.drop(), redis.close()]);
    },
  };
}

/** Studio and gateway as processes, over the network, as an operator has them: each is its own user of Redis. */
export class Stack {
  readonly folder = mkdtempSync(join(tmpdir(), 'sl-e2e-'));
  readonly keys: StackKeys = newKeys();
  readonly api: StudioApi;
  studio!: NodeChild;
  gateway!: NodeChild;
  private started: NodeChild[] = [];
  private readonly redisUsers: RedisUsers;

  private constructor(
    readonly servers: Servers,
    private readonly ports: { studio: number; grpc: number; gateway: number },
    private readonly environment: Record<string, string>,
  ) {
    // Plugins under users of their own have to get through it.
    chmodSync(this.folder, 0o711);
    this.api = new StudioApi(this.studioUrl);
    this.redisUsers = new RedisUsers(servers.redisUrl);
  }

  /** Both services, ready, and the administrator logged in. `environment` is added to both. */
  static async start(options: { servers?: Servers; environment?: Record<string, string> } = {}): Promise<Stack> {
    const servers = options.servers ?? (await sharedServers());
    const stack = new Stack(servers, { studio: await freePort(), grpc: await freePort(), gateway: await freePort() }, options.environment ?? {});
    try {
      await stack.startStudio();
      await stack.startGateway();
    } catch (error) {
      await stack.close();
      throw error;
    }
    return stack;
  }

  get studioUrl(): string {
    return `http://127.0.0.1:${this.ports.studio}`;
  }

  get grpcAddress(): string {
    return `127.0.0.1:${this.ports.grpc}`;
  }

  get gatewayUrl(): string {
    return `http://127.0.0.1:${this.ports.gateway}`;
  }

  get gatewayFolder(): string {
    return join(this.folder, 'gateway');
  }

  async startStudio(): Promise<void> {
    this.studio = await this.spawnStudio('all', this.ports, 's');
    await this.api.login(ADMIN.email, ADMIN.password);
  }

  /** A second process of the same studio. @returns its API, with the administrator logged in. */
  async startSecondStudio(): Promise<StudioApi> {
    const ports = { studio: await freePort(), grpc: await freePort() };
    await this.spawnStudio('api', ports, 't');
    const api = new StudioApi(`http://127.0.0.1:${ports.studio}`);
    await api.login(ADMIN.email, ADMIN.password);
    return api;
  }

  async startGateway(environment: Record<string, string> = {}): Promise<void> {
    mkdirSync(this.gatewayFolder, { recursive: true });
    this.gateway = this.spawn('apps/edge-gateway/dist/main.js', {
      GATEWAY_HOST: '127.0.0.1',
      GATEWAY_PORT: String(this.ports.gateway),
      GATEWAY_NAME: 'e2e',
      GATEWAY_STATE_DIR: this.gatewayFolder,
      PLUGIN_RUN_DIR: join(this.folder, 'g'),
      STUDIO_URL: this.studioUrl,
      STUDIO_GRPC_URL: this.grpcAddress,
      SNAPSHOT_PUBLIC_KEYS: this.keys.publicKey,
      REDIS_URL: await this.redisUsers.gateway(environment['GATEWAY_NAMESPACE'] || 'default'),
      ...environment,
    });
    await this.untilOk(this.gateway, `${this.gatewayUrl}/livez`);
  }

  /** Registers the echo plugin under this slug, with its scopes approved, and waits until the gateway serves it. */
  async echo(slug: string, config: Record<string, unknown> = {}, command = echoCommand): Promise<number> {
    const { id } = await this.api.createEcho(slug, config, { command });
    await this.api.approve(id);
    await this.untilServing(slug);
    return id;
  }

  async untilServing(slug: string): Promise<void> {
    await waitFor(async () => (await this.get(`/plugins/${slug}/ready`)).status === 200, { timeoutMs: 20_000, message: () => `the gateway serves ${slug}\n${this.gateway.stdout().slice(-4000)}` });
  }

  async app(name: string, scopes: string[] = []): Promise<{ appId: number; tokenId: number; token: string }> {
    const app = await this.api.call<{ id: number }>('POST', '/api/v1/apps', { name, description: `${name} app`, metadata: { tier: 'gold' }, monthly_budget: 12.5, rate_limit: 60 });
    const token = await this.api.call<{ id: number; token: string }>('POST', `/api/v1/apps/${app.id}/tokens`, { name, scopes });
    return { appId: app.id, tokenId: token.id, token: token.token };
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.gatewayUrl}${path}`, { headers });
  }

  /** The value of a gateway metric with these labels, summed over what else tells its series apart. */
  async metric(name: string, labels: Record<string, string> = {}): Promise<number> {
    const text = await (await this.get('/metrics')).text();
    const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
    const matching = lines.filter((line) => Object.entries(labels).every(([key, value]) => line.includes(`${key}="${value}"`)));
    return matching.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf('}') + 1).trim().split(' ')[0]), 0);
  }

  async close(): Promise<void> {
    for (const child of [...this.started].reverse()) if (child.process.exitCode === null && child.process.signalCode === null) await endOrKill(child);
    await this.redisUsers.remove();
    await this.servers.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async spawnStudio(role: string, ports: { studio: number; grpc: number }, runFolder: string): Promise<NodeChild> {
    const url = `http://127.0.0.1:${ports.studio}`;
    const studio = this.spawn('apps/studio/dist/main.js', {
      STUDIO_ROLE: role,
      STUDIO_HOST: '127.0.0.1',
      STUDIO_PORT: String(ports.studio),
      STUDIO_GRPC_PORT: String(ports.grpc),
      STUDIO_PUBLIC_URL: url,
      DATABASE_URL: this.servers.databaseUrl,
      STUDIO_SECRET_KEY: this.keys.studioSecretKey,
      SNAPSHOT_SIGNING_KEY: this.keys.signingKey,
      STUDIO_ADMIN_EMAIL: ADMIN.email,
      STUDIO_ADMIN_PASSWORD: ADMIN.password,
      PLUGIN_RUN_DIR: join(this.folder, runFolder),
      REDIS_URL: await this.redisUsers.studio(),
    });
    await this.untilOk(studio, `${url}/readyz`);
    return studio;
  }

  private spawn(script: string, environment: Record<string, string>): NodeChild {
    const child = spawnNode(join(repository, script), {
      nodeArgs: NODE_ARGS,
      env: {
        EDGE_SHARED_KEY: this.keys.edgeSharedKey,
        EDGE_JOIN_TOKEN: this.keys.edgeJoinToken,
        TEST_DATABASE_URL: undefined,
        TEST_REDIS_URL: undefined,
        NODE_ENV: 'production',
        ...this.environment,
        ...environment,
      },
    });
    this.started.push(child);
    return child;
  }

  private async untilOk(child: NodeChild, url: string): Promise<void> {
    let ended = false;
    void child.exited.then(() => (ended = true));
    await waitFor(async () => ended || (await fetch(url)).ok, { timeoutMs: 45_000, message: () => `${url} is ready\n${child.stdout().slice(-4000)}${child.stderr()}` });
    if (ended) throw new Error(`The process behind ${url} ended:\n${child.stdout().slice(-4000)}${child.stderr()}`);
  }
}

async function endOrKill(child: NodeChild): Promise<void> {
  const timer = setTimeout(() => void child.kill(), 20_000);
  await child.end();
  clearTimeout(timer);
}
