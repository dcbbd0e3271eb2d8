import { generateKeyPairSync } from 'node:crypto';
import { credentials, status as Status, type ServiceError } from '@grpc/grpc-js';
import { Acknowledgement, CrashCard, CrashReport, EdgeServiceClient, Heartbeat, type Registration, type Signed } from '@sluice/contracts/edge';
import { signPayload, type SignedMessage } from '@sluice/edge-link';
import { FakeClock } from '@sluice/kernel';
import { freePort } from '@sluice/testing';
import { GatewayKeysOfTest } from '../../testing/gateway-keys';
import { ECHO_PLUGIN } from '../../testing/plugin-files';
import { TestStudio, type Answer } from '../../testing/test-studio';
import { edgeGrpcOptions } from './edge-grpc';
import { LAG_TOLERANCE_MS, LEASE_MS } from './gateway-state';

const START = Date.now();
const PLUGIN = { pluginId: 7, generation: 2, state: 'backoff', reason: 'The plugin ended with signal SIGKILL.', sinceMs: BigInt(START), exitCode: undefined, exitSignal: 'SIGKILL', lastLogLines: ['last words'], restarts: 3, notEnforced: ['Its memory is not limited.'], remarks: ['It writes too much.'], transport: 'lane', generations: [{ generation: 1, state: 'draining', sinceMs: BigInt(START), activeCalls: 2, activeStreams: 1 }] };

/** A gateway as the studio sees one: keys, and messages signed with them. */
class TestGateway extends GatewayKeysOfTest {
  id = 0;

  constructor(
    private readonly client: EdgeServiceClient,
    private readonly studioClock: FakeClock,
    private readonly joinToken = '',
  ) {
    super(studioClock);
  }

  async register(change: Partial<Registration> = {}): Promise<number> {
    return this.sendRegistration(this.registration({ enrolmentToken: this.joinToken, ...change }));
  }

  async sendRegistration(signed: Signed | undefined): Promise<number> {
    const { gatewayId, studioTimeMs } = await call<{ gatewayId: number; studioTimeMs: bigint }>((done) => this.client.register({ signed }, done));
    expect(studioTimeMs).toBe(BigInt(this.studioClock.now()));
    this.id = gatewayId;
    return gatewayId;
  }

  heartbeat(change: Partial<Heartbeat> = {}): Promise<{ publishedRevision: bigint; studioTimeMs: bigint }> {
    const payload = Heartbeat.encode({ sentAtMs: BigInt(this.studioClock.now()), applied: undefined, plugins: [PLUGIN], ...change }).finish();
    return this.sendHeartbeat(this.sign('Heartbeat', payload));
  }

  sendHeartbeat(signed: Signed | undefined): Promise<{ publishedRevision: bigint; studioTimeMs: bigint }> {
    return call((done) => this.client.sendHeartbeat({ signed }, done));
  }

  acknowledge(outcome: Acknowledgement['outcome']): Promise<unknown> {
    const payload = Acknowledgement.encode({ sentAtMs: BigInt(this.studioClock.now()), outcome, plugins: [] }).finish();
    const signed = this.sign('Acknowledgement', payload);
    return call((done) => this.client.acknowledge({ signed }, done));
  }

  reportCrashes(cards: CrashCard[], key = this.privateKey): Promise<unknown> {
    const payload = CrashReport.encode({ sentAtMs: BigInt(this.studioClock.now()), cards }).finish();
    return call((done) => this.client.reportCrashes({ signed: this.sign('CrashReport', payload, key) }, done));
  }

  sign(message: SignedMessage, payload: Uint8Array, key = this.privateKey): Signed {
    return { gatewayId: this.id, payload: Buffer.from(payload), signature: signPayload(message, payload, key) };
  }
}

function call<T>(start: (done: (error: ServiceError | null, answer: T) => void) => unknown): Promise<T> {
  return new Promise((resolve, reject) => void start((error, answer) => (error ? reject(error) : resolve(answer))));
}

describe('gateways', () => {
  const clock = new FakeClock(START);
  let studio: TestStudio;
  let client: EdgeServiceClient;
  beforeAll(async () => {
    studio = await TestStudio.start({ clock });
    const port = await freePort();
    studio.app.connectMicroservice(edgeGrpcOptions('127.0.0.1', port));
    await studio.app.startAllMicroservices();
    client = new EdgeServiceClient(`127.0.0.1:${port}`, credentials.createInsecure());
  });
  afterAll(async () => {
    client.close();
    await studio.close();
  });
  beforeEach(() => clock.advance(10));

  const newGateway = (): TestGateway => new TestGateway(client, clock, studio.config.edge.joinToken);
  const get = (id: number): Promise<Answer> => studio.call('GET', `/api/v1/gateways/${id}`);
  const current = async (): Promise<{ epoch: string; revision: number; root: string }> => {
    const reader = newGateway();
    await reader.register();
    const { body } = await studio.call('GET', '/edge/v1/snapshots/eu', { headers: { cookie: '', authorization: reader.authorization } });
    return JSON.parse(String(body).split('\n')[0]!).header;
  };
  const applied = (header: { epoch: string; revision: number; root: string }) => ({ ...header, revision: BigInt(header.revision), appliedAtMs: BigInt(clock.now()), source: 'redis' });

  it('enrol with the join token, and keep their id with their key', async () => {
    const gateway = newGateway();
    const id = await gateway.register();
    clock.advance(1);
    expect(await gateway.register({ enrolmentToken: '', name: 'renamed', version: '0.2.0' })).toBe(id);
    expect((await get(id)).body.data).toMatchObject({ id, name: 'renamed', namespace: 'eu', version: '0.2.0', state: 'unreachable', last_heartbeat_at: null, applied: null });
    expect(await newGateway().register()).not.toBe(id);
    const { body } = await studio.call('GET', `/api/v1/audit?target_type=gateway&target_id=${id}`);
    expect(body.data).toHaveLength(1);
  });

  it.each([
    ['the wrong join token', { enrolmentToken: 'join-token-of-the-tesst' }, Status.UNAUTHENTICATED],
    ['no enrolment token', { enrolmentToken: '' }, Status.UNAUTHENTICATED],
    ['a key of another size', { publicKey: Buffer.alloc(31) }, Status.INVALID_ARGUMENT],
    ['a sealing key of another size', { sealingKey: Buffer.alloc(33) }, Status.INVALID_ARGUMENT],
    ['a sealing key that nothing can be sealed to', { sealingKey: Buffer.alloc(32) }, Status.INVALID_ARGUMENT],
    ['a time that is far off', { sentAtMs: BigInt(START - 3_600_000) }, Status.UNAUTHENTICATED],
    ['a namespace that is none', { namespace: 'E U' }, Status.INVALID_ARGUMENT],
    ['no name', { name: '' }, Status.INVALID_ARGUMENT],
  ])('are refused with %s', async (_, change, code) => {
    await expect(newGateway().register(change)).rejects.toMatchObject({ code });
  });

  it('are fresh with a heartbeat and the newest revision, then lag, then are stale, then unreachable', async () => {
    const gateway = newGateway();
    const id = await gateway.register();
    const header = await current();
    expect(await gateway.heartbeat({ applied: applied(header) })).toEqual({ publishedRevision: BigInt(header.revision), studioTimeMs: BigInt(clock.now()) });
    expect((await get(id)).body.data).toMatchObject({ state: 'fresh', applied: { epoch: header.epoch, revision: header.revision, root: header.root, source: 'redis' } });

    await studio.call('POST', '/api/v1/apps', { body: { name: 'a write', namespace: 'eu' } });
    expect((await get(id)).body.data).toMatchObject({ state: 'lagging', current_revision: header.revision + 1 });
    // Whoever builds the revision in the background does so at the time that it is now.
    await current();
    clock.advance(LAG_TOLERANCE_MS + 60_000);
    await gateway.heartbeat({ applied: applied(header) });
    const stale = (await get(id)).body.data;
    expect(stale).toMatchObject({ state: 'stale', config_source: 'redis' });
    expect(stale.lag_seconds).toBeGreaterThan((LAG_TOLERANCE_MS + 60_000) / 1_000 - 30);
    // What it would say of itself makes no difference once nobody hears from it.
    await gateway.heartbeat({ applied: applied(await current()), sentAtMs: BigInt(clock.now() + 1) });
    expect((await get(id)).body.data).toMatchObject({ state: 'fresh', lag_seconds: 0 });
    clock.advance(LEASE_MS + 1);
    expect((await get(id)).body.data).toMatchObject({ state: 'unreachable', lag_seconds: 0 });
  });

  it('are found by state and namespace, page by page', async () => {
    const made: number[] = [];
    for (let count = 0; count < 5; count++) {
      const gateway = newGateway();
      made.push(await gateway.register({ namespace: 'fleet', name: `fleet-${count}` }));
      if (count % 2 === 0) await gateway.heartbeat();
    }
    const ids = async (query: string): Promise<number[]> => (await studio.call('GET', `/api/v1/gateways?namespace=fleet${query}`)).body.data.map(({ id }: { id: number }) => id);
    expect(await ids('&state=unreachable')).toEqual([made[1], made[3]]);
    expect(await ids('&state=fresh')).toEqual([]);
    const alive = ['lagging', 'stale'];
    expect((await Promise.all(alive.map((state) => ids(`&state=${state}`)))).flat()).toEqual([made[0], made[2], made[4]]);
    const { body } = await studio.call('GET', '/api/v1/gateways?namespace=fleet&state=unreachable&limit=1');
    expect(body.data.map(({ id }: { id: number }) => id)).toEqual([made[1]]);
    expect(await ids(`&state=unreachable&limit=1&cursor=${body.meta.next_cursor}`)).toEqual([made[3]]);
    expect((await studio.call('GET', '/api/v1/gateways?state=asleep')).status).toBe(400);
  });

  it('tell how their plugins fare, also at the plugin', async () => {
    const gateway = newGateway();
    const id = await gateway.register();
    const plugin = (await studio.call('POST', '/api/v1/plugins', { body: { name: 'Echo', command: ECHO_PLUGIN, config: { slug: 'echo' } } })).body.data;
    await gateway.heartbeat({ plugins: [{ ...PLUGIN, pluginId: plugin.id }] });
    const state = { state: 'backoff', reason: PLUGIN.reason, exit_code: null, exit_signal: 'SIGKILL', last_log_lines: ['last words'], generation: 2, restarts: 3, not_enforced: ['Its memory is not limited.'], remarks: ['It writes too much.'], transport: 'lane', generations: [{ generation: 1, state: 'draining', since: new Date(START).toISOString(), active_calls: 2, active_streams: 1 }] };
    expect((await get(id)).body.data.plugins).toEqual([expect.objectContaining({ plugin_id: plugin.id, ...state })]);
    const { body } = await studio.call('GET', `/api/v1/plugins/${plugin.id}/status`);
    expect(body.data.gateways).toEqual([expect.objectContaining({ gateway_id: id, gateway: 'edge-1', gateway_namespace: 'eu', gateway_state: 'stale', ...state })]);
  });

  describe('tell of crashes', () => {
    const card = (id: string, pluginId: number, change: Partial<CrashCard> = {}): CrashCard =>
      CrashCard.fromPartial({
        id, pluginId, generation: 3, digest: 'sha256:ab', atMs: BigInt(clock.now()), reason: 'The plugin ended by signal SIGSEGV.', exitSignal: 'SIGSEGV', lastRequestId: 'request-1',
        lastLogLines: ['last words\0'], outcome: 'restarting', restartInMs: 512, ...change,
      });
    const crashes = async (pluginId: number, query = ''): Promise<Answer['body']> => (await studio.call('GET', `/api/v1/plugins/${pluginId}/crashes${query}`)).body;
    let gateway: TestGateway;
    let pluginId: number;
    let name = 0;
    beforeEach(async () => {
      gateway = newGateway();
      await gateway.register();
      const slug = `crashing-${++name}`;
      pluginId = (await studio.call('POST', '/api/v1/plugins', { body: { name: slug, command: ECHO_PLUGIN, namespace: 'eu', config: { slug } } })).body.data.id;
    });

    it('which are kept and shown at the plugin', async () => {
      await gateway.reportCrashes([card(`${pluginId}-a`, pluginId), card(`${pluginId}-b`, pluginId, { exitCode: 2, exitSignal: '', digest: '', lastRequestId: '', outcome: 'kept_old_generation', restartInMs: undefined })]);
      const { data } = await crashes(pluginId);
      const same = { gateway_id: gateway.id, gateway: 'edge-1', generation: 3, at: new Date(clock.now()).toISOString(), reason: 'The plugin ended by signal SIGSEGV.', last_log_lines: ['last words'] };
      expect(data).toEqual([
        { id: expect.any(Number), ...same, digest: null, exit_code: 2, exit_signal: null, last_request_id: null, outcome: 'kept_old_generation', restart_in_ms: null },
        { id: expect.any(Number), ...same, digest: 'sha256:ab', exit_code: null, exit_signal: 'SIGSEGV', last_request_id: 'request-1', outcome: 'restarting', restart_in_ms: 512 },
      ]);
    });

    it('again when they do not know that they were heard, and each counts once', async () => {
      await gateway.reportCrashes([card(`${pluginId}-a`, pluginId)]);
      await gateway.reportCrashes([card(`${pluginId}-a`, pluginId), card(`${pluginId}-b`, pluginId)]);
      expect((await crashes(pluginId)).data).toHaveLength(2);
    });

    it('of which the last 20 of each plugin on each gateway are kept', async () => {
      const other = newGateway();
      await other.register({ name: 'edge-2' });
      await other.reportCrashes([card(`${pluginId}-other`, pluginId, { generation: 1 })]);
      const many = Array.from({ length: 25 }, (_, index) => card(`${pluginId}-${index}`, pluginId, { generation: 100 + index, atMs: BigInt(clock.now() + index) }));
      await gateway.reportCrashes(many);
      const { data } = await crashes(pluginId, '?limit=200');
      expect(data.map((crash: { generation: number }) => crash.generation)).toEqual([...Array.from({ length: 20 }, (_, index) => 124 - index), 1]);
      const page = await crashes(pluginId, '?limit=2');
      expect([page.data.length, page.meta.next_cursor]).toEqual([2, expect.any(String)]);
    });

    it('only of plugins of their namespace that are there', async () => {
      const elsewhere = newGateway();
      await elsewhere.register({ namespace: 'us' });
      await elsewhere.reportCrashes([card(`${pluginId}-a`, pluginId)]);
      await gateway.reportCrashes([card('nobody', 2_000_000_000)]);
      expect((await crashes(pluginId)).data).toEqual([]);
    });

    it('and are not believed with the key of another', async () => {
      await expect(gateway.reportCrashes([card(`${pluginId}-a`, pluginId)], newGateway().privateKey)).rejects.toMatchObject({ code: Status.UNAUTHENTICATED });
      expect((await studio.call('GET', '/api/v1/plugins/2000000000/crashes')).status).toBe(404);
    });
  });

  it('acknowledge what they applied and what they refused', async () => {
    const gateway = newGateway();
    const id = await gateway.register();
    const header = await current();
    const refusal = { epoch: header.epoch, revision: BigInt(header.revision), code: 'snapshot.badSignature', path: '/signature', message: 'The signature is wrong.' };
    await gateway.acknowledge({ $case: 'refused', value: refusal });
    expect((await get(id)).body.data).toMatchObject({ applied: null, last_nack: { ...refusal, revision: header.revision } });
    clock.advance(1);
    await gateway.acknowledge({ $case: 'applied', value: applied(header) });
    expect((await get(id)).body.data).toMatchObject({ applied: { revision: header.revision }, last_nack: null });
  });

  describe('are not believed', () => {
    let gateway: TestGateway;
    beforeEach(async () => {
      gateway = newGateway();
      await gateway.register();
    });
    afterEach(async () => expect((await get(gateway.id)).body.data.last_heartbeat_at).toBeNull());

    const payloadAt = (sentAtMs: number): Uint8Array => Heartbeat.encode({ sentAtMs: BigInt(sentAtMs), applied: undefined, plugins: [] }).finish();
    const refused = (signed: Signed | undefined, code: Status): Promise<void> => expect(gateway.sendHeartbeat(signed)).rejects.toMatchObject({ code });

    it("with another's key", () => refused(gateway.sign('Heartbeat', payloadAt(clock.now()), generateKeyPairSync('ed25519').privateKey), Status.UNAUTHENTICATED));
    it('with a signature for another kind of message', () => refused(gateway.sign('Acknowledgement', payloadAt(clock.now())), Status.UNAUTHENTICATED));
    it('with a payload that was changed', () => refused({ ...gateway.sign('Heartbeat', payloadAt(clock.now())), payload: Buffer.from(payloadAt(clock.now() + 1)) }, Status.UNAUTHENTICATED));
    it('as somebody who never enrolled', () => refused({ ...gateway.sign('Heartbeat', payloadAt(clock.now())), gatewayId: 999_999 }, Status.NOT_FOUND));
    it('with a clock that is far off', () => refused(gateway.sign('Heartbeat', payloadAt(clock.now() - 301_000)), Status.UNAUTHENTICATED));
    it('with nothing', () => refused(undefined, Status.INVALID_ARGUMENT));
  });

  it('are not believed twice', async () => {
    const gateway = newGateway();
    await gateway.register();
    const signed = gateway.sign('Heartbeat', Heartbeat.encode({ sentAtMs: BigInt(clock.now()), applied: undefined, plugins: [] }).finish());
    await gateway.sendHeartbeat(signed);
    await expect(gateway.sendHeartbeat(signed)).rejects.toMatchObject({ code: Status.UNAUTHENTICATED, details: 'The message is not later than the one before.' });
  });

  it('prove that they have the key that they name', async () => {
    const gateway = newGateway();
    const refused = (signed: Signed | undefined, code: Status): Promise<void> => expect(gateway.sendRegistration(signed)).rejects.toMatchObject({ code });
    await refused(gateway.registration({ enrolmentToken: studio.config.edge.joinToken }, newGateway().privateKey), Status.UNAUTHENTICATED);
    await refused(undefined, Status.INVALID_ARGUMENT);
    await refused(gateway.sign('Heartbeat', gateway.registration().payload), Status.UNAUTHENTICATED);
    const once = gateway.registration({ enrolmentToken: studio.config.edge.joinToken });
    await gateway.sendRegistration(once);
    await expect(gateway.sendRegistration(once)).rejects.toMatchObject({ code: Status.UNAUTHENTICATED, details: 'The message is not later than the one before.' });
    clock.advance(1);
    await expect(gateway.register({ namespace: 'us' })).rejects.toMatchObject({ code: Status.PERMISSION_DENIED, details: expect.stringContaining('another namespace') });
  });

  it('are told what time it is when their clock is wrong', async () => {
    const gateway = newGateway();
    await gateway.register();
    const payload = Heartbeat.encode({ sentAtMs: BigInt(clock.now() + 3_600_000), applied: undefined, plugins: [] }).finish();
    const error = await gateway.sendHeartbeat(gateway.sign('Heartbeat', payload)).catch((reason: ServiceError) => reason);
    expect((error as ServiceError).metadata.get('sluice-studio-time-ms')).toEqual([String(clock.now())]);
  });

  it('are listed by namespace, and removed for good', async () => {
    const gateway = newGateway();
    const id = await gateway.register({ namespace: 'elsewhere' });
    expect((await studio.call('GET', '/api/v1/gateways?namespace=elsewhere')).body.data).toEqual([expect.objectContaining({ id })]);
    expect((await studio.call('DELETE', `/api/v1/gateways/${id}`)).status).toBe(204);
    expect((await get(id)).status).toBe(404);
    expect((await studio.call('GET', '/api/v1/gateways?namespace=elsewhere')).body.data).toEqual([]);
    expect((await studio.call('DELETE', `/api/v1/gateways/${id}`)).status).toBe(404);
    const removed = { code: Status.PERMISSION_DENIED, details: expect.stringContaining('This gateway was removed.') };
    await expect(gateway.heartbeat()).rejects.toMatchObject(removed);
    await expect(gateway.register({ namespace: 'elsewhere' })).rejects.toMatchObject(removed);
    const { status, body } = await studio.call('GET', '/edge/v1/snapshots/elsewhere', { headers: { cookie: '', authorization: gateway.authorization } });
    expect([status, body.code]).toEqual([403, 'gateways.removed']);
  });
});
