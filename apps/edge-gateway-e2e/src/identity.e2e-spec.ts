import { join } from 'node:path';
import { freePort, spawnNode, waitFor, type NodeChild } from '@sluice/testing';
import { RedisUsers } from './stack/redis-users';
import { repository } from './stack/repository';
import { Stack } from './stack/stack';
import { writePlugin } from './stack/written-plugin';

jest.setTimeout(180_000);

interface FleetMember {
  id: number;
  name: string;
  state: string;
  lag_seconds: number | null;
  config_source: string | null;
  key_version: number | null;
  current_revision: number;
}

/** A gateway that knows of its studio only where it is, and by which key its snapshots are signed. */
class EnrolledGateway {
  process!: NodeChild;

  private constructor(
    private readonly stack: Stack,
    private readonly name: string,
    private readonly port: number,
  ) {}

  static async start(stack: Stack, name: string, environment: Record<string, string | undefined>): Promise<EnrolledGateway> {
    const gateway = new EnrolledGateway(stack, name, await freePort());
    await gateway.start(environment);
    return gateway;
  }

  async start(environment: Record<string, string | undefined>): Promise<void> {
    const { studioUrl, grpcAddress, keys, folder } = this.stack;
    this.process = spawnNode(join(repository, 'apps/edge-gateway/dist/main.js'), {
      env: {
        GATEWAY_HOST: '127.0.0.1',
        GATEWAY_PORT: String(this.port),
        GATEWAY_NAME: this.name,
        GATEWAY_NAMESPACE: 'eu',
        GATEWAY_STATE_DIR: join(folder, this.name),
        PLUGIN_RUN_DIR: join(folder, `r-${this.name}`),
        STUDIO_URL: studioUrl,
        STUDIO_GRPC_URL: grpcAddress,
        SNAPSHOT_PUBLIC_KEYS: keys.publicKey,
        ...environment,
      },
    });
    await waitFor(async () => (await this.get('/livez')).ok, { timeoutMs: 90_000, message: () => `${this.name} lives\n${this.process.stdout().slice(-3000)}${this.process.stderr()}` });
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.port}${path}`, { headers });
  }

  /** What the plugin has for a secret; the status when it does not answer. */
  async secret(): Promise<string> {
    const response = await this.get('/plugins/vault/read');
    return response.ok ? response.text() : String(response.status);
  }

  async untilSecret(secret: string): Promise<void> {
    await waitFor(async () => (await this.secret()) === secret, { timeoutMs: 60_000, message: () => `${this.name} has ${secret}\n${this.process.stdout().slice(-3000)}` });
  }

  untilSays(pattern: RegExp): Promise<unknown> {
    return waitFor(() => pattern.test(this.process.stdout()), { timeoutMs: 60_000, message: () => `${this.name} says ${pattern}\n${this.process.stdout().slice(-3000)}` });
  }
}

describe('gateways with an identity', () => {
  const gateways: EnrolledGateway[] = [];
  let stack: Stack;
  let users: RedisUsers;
  let redisUrl: string;
  let token: string;
  let plugin: number;
  let [first, second]: EnrolledGateway[] = [];

  const enrol = async (name: string, environment: Record<string, string | undefined>): Promise<EnrolledGateway> => {
    const gateway = await EnrolledGateway.start(stack, name, environment);
    gateways.push(gateway);
    return gateway;
  };
  const fleet = (query = ''): Promise<FleetMember[]> => stack.api.call('GET', `/api/v1/gateways?namespace=eu${query}`);
  const setSecret = (secret: string): Promise<unknown> => stack.api.call('PATCH', `/api/v1/plugins/${plugin}`, { config: { slug: 'vault', secret } });

  beforeAll(async () => {
    stack = await Stack.start();
    users = new RedisUsers(stack.servers.redisUrl);
    redisUrl = await users.gateway('eu');
    ({ token } = await stack.api.call<{ token: string }>('POST', '/api/v1/gateways/enrolment-tokens', { namespace: 'eu', max_uses: 2 }));
    const members = `initialize(ctx, config) { this.secret = config.string('secret', 'none'); } endpoints() { return [{ path: '/read', methods: ['GET'] }, { path: '/private', methods: ['GET'], requireAuth: true }]; } handleEndpoint() { return this.secret; }`;
    const schema = { type: 'object', properties: { slug: { type: 'string' }, secret: { type: 'string', format: 'password' } } };
    const command = writePlugin(stack.folder, 'vault', members, { config_schema: schema });
    ({ id: plugin } = await stack.api.call<{ id: number }>('POST', '/api/v1/plugins', { name: 'vault', namespace: 'eu', command, config: { slug: 'vault', secret: 'the first secret' } }));
    [first, second] = await Promise.all([enrol('first', { GATEWAY_ENROLMENT_TOKEN: token, REDIS_URL: redisUrl }), enrol('second', { GATEWAY_ENROLMENT_TOKEN: token })]);
  }, 300_000);
  afterAll(async () => {
    await Promise.all(gateways.map((gateway) => gateway.process.kill()));
    await users?.remove();
    await stack?.close();
  }, 60_000);

  it('get their keys from the studio, over Redis and over HTTP', async () => {
    await Promise.all([first!.untilSecret('the first secret'), second!.untilSecret('the first secret')]);
    const app = await stack.api.call<{ id: number }>('POST', '/api/v1/apps', { name: 'caller', namespace: 'eu' });
    const made = await stack.api.call<{ token: string }>('POST', `/api/v1/apps/${app.id}/tokens`, { name: 'caller' });
    for (const gateway of [first!, second!]) {
      const call = async (bearer: string): Promise<number> => (await gateway.get('/plugins/vault/private', { authorization: `Bearer ${bearer}` })).status;
      await waitFor(async () => (await call(made.token)) === 200, { timeoutMs: 30_000, message: 'the token is good' });
      expect(await call(`${made.token.slice(0, -1)}x`)).toBe(401);
    }
    await waitFor(async () => (await fleet('&state=fresh')).length === 2, { timeoutMs: 30_000, message: 'both are fresh' });
    // At its start a gateway takes its configuration from whoever answers first; what changes later comes the way it prefers.
    let sources: string[] = [];
    await waitFor(
      async () => {
        await stack.api.call('PATCH', `/api/v1/apps/${app.id}`, { description: `changed at ${Date.now()}` });
        sources = (await fleet()).map(({ name, config_source, key_version }) => `${name}: key ${key_version}, ${config_source}`).sort();
        return sources.join() === 'first: key 1, redis,second: key 1, http';
      },
      { timeoutMs: 30_000, intervalMs: 1_000, message: () => sources.join() },
    );
  });

  it('are told in a sentence why they are not let in, and serve what needs no secret', async () => {
    const stranger = await enrol('stranger', { GATEWAY_ENROLMENT_TOKEN: token, REDIS_URL: redisUrl });
    await stranger.untilSays(/has admitted as many gateways as it may/);
    await stranger.untilSays(/Waits for key 1 of its namespace/);
    expect(await stranger.secret()).toBe('503');
    const report = (await (await stranger.get('/readyz?verbose')).json()) as { status: string; plugins: { reason: string }[] };
    expect([report.status, report.plugins.map(({ reason }) => reason)]).toEqual(['ready', [expect.stringContaining('which the studio has not sealed to this gateway')]]);
    await stranger.process.kill();
  });

  it('need no token for a second start', async () => {
    await second!.process.end();
    await second!.start({});
    await second!.untilSecret('the first secret');
    await setSecret('the second secret');
    await Promise.all([first!.untilSecret('the second secret'), second!.untilSecret('the second secret')]);
    expect(await fleet()).toHaveLength(2);
  });

  it('cannot open what comes after they were removed', async () => {
    const [removed, stays] = ['first', 'second'].map((name) => (all: FleetMember[]) => all.find((member) => member.name === name)!);
    const before = await fleet();
    await stack.api.call('DELETE', `/api/v1/gateways/${removed!(before).id}`);
    const after = await fleet();
    expect(after.map(({ name }) => name)).toEqual(['second']);
    // Key, sealed copies and secrets are one revision.
    expect(stays!(after).current_revision).toBe(stays!(before).current_revision + 1);
    expect(stays!(after).key_version).toBe(2);
    await setSecret('the third secret');
    await second!.untilSecret('the third secret');
    await first!.untilSays(/This gateway was removed/);
    await first!.untilSays(/Waits for key 2 of its namespace/);
    // It had the second secret before; a process that runs is left alone.
    expect(await first!.secret()).toBe('the second secret');
    await first!.process.end();
    await first!.start({ GATEWAY_ENROLMENT_TOKEN: token, REDIS_URL: redisUrl });
    await first!.untilSays(/This gateway was removed[^]*/);
    await waitFor(async () => (await first!.secret()) === '503', { timeoutMs: 60_000 });
    const metrics = await (await fetch(`${stack.studioUrl}/metrics`)).text();
    expect(metrics).toMatch(/sluice_gateway_calls_refused_total\{[^}]*code="gateways\.removed"[^}]*\} [1-9]/);
  });
});
