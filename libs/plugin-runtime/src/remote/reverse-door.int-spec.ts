import { Client, credentials, type ClientReadableStream, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { ListAppsResponse, MicrogatewayManagementServiceService } from '@sluice/contracts/microgateway-management';
import { type EventMessage, PluginEventServiceService } from '@sluice/contracts/plugin-events';
import { systemClock } from '@sluice/kernel';
import { BrokerIdentity } from '../broker/broker-identity';
import { CallGate } from '../broker/call-gate';
import type { RefusedCall } from '../broker/refused-calls';
import type { ServiceCaller } from '../broker/service-api';
import { EventBus } from '../events/event-bus';
import { silentLogger, until } from '../testing/test-host';
import { ReverseDoor, type ReverseLease } from './reverse-door';

const MANIFEST = JSON.stringify({
  id: 'com.example.caller', name: 'Caller', version: '1.0.0',
  capabilities: { hooks: ['custom_endpoint'] },
  permissions: { services: ['apps.read'], events: { subscribe: ['caller.*'] } },
});

const events = new EventBus('gateway');
const refused: RefusedCall[] = [];
const callers: ServiceCaller[] = [];
const clients: Client[] = [];
let door: ReverseDoor;

beforeEach(() => {
  const serviceApi = [{
    definition: MicrogatewayManagementServiceService,
    handlers: {
      listApps: async (caller: ServiceCaller) => {
        callers.push(caller);
        return ListAppsResponse.fromPartial({});
      },
    },
  }];
  const gate = new CallGate({ callsPerSecond: 5, bytesPerSecond: 1_000_000 }, systemClock, (call) => refused.push(call));
  door = new ReverseDoor({ listen: { host: '127.0.0.1', port: 0 }, publicAddress: '127.0.0.1:0' }, { serviceApi, gate, events }, silentLogger());
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await door.close();
  callers.length = 0;
  refused.length = 0;
});

function lend(pluginId: number, approvedScopes: string[] = ['apps.read'], generation = 1): Promise<ReverseLease> {
  const identity = new BrokerIdentity({ pluginId, pluginName: `plugin-${pluginId}`, generation, approvedScopes, askManifest: () => Promise.resolve(MANIFEST) });
  return door.lend(identity, silentLogger());
}

function clientOf({ config }: ReverseLease): Client {
  const client = new Client(`dns:${config['_service_address']}`, credentials.createInsecure());
  clients.push(client);
  return client;
}

function headers(authorization: string | undefined): Metadata {
  const metadata = new Metadata();
  if (authorization !== undefined) metadata.set('authorization', authorization);
  return metadata;
}

/** The status that listing apps ends with under this header. */
function listApps(client: Client, authorization: string | undefined): Promise<{ code: number; details: string }> {
  const { path, requestSerialize, responseDeserialize } = MicrogatewayManagementServiceService.listApps;
  const request = { context: { pluginId: 999, methodScope: '' }, isActive: undefined, page: 0, limit: 0, namespace: '' };
  return new Promise((resolve) => {
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, headers(authorization), { deadline: Date.now() + 10_000 }, (error: ServiceError | null) =>
      resolve({ code: error?.code ?? status.OK, details: error?.details ?? '' }),
    );
  });
}

function subscribe(client: Client, token: string): ClientReadableStream<EventMessage> {
  const { path, requestSerialize, responseDeserialize } = PluginEventServiceService.subscribe;
  return client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, { topic: 'caller.*', subscribeAll: false, pluginId: '' }, headers(`Bearer ${token}`));
}

const bearer = ({ config }: ReverseLease) => `Bearer ${config['_service_token']}`;

describe('the way back', () => {
  it('knows a plugin by its token, whatever the message says', async () => {
    const [one, other] = [await lend(1), await lend(2)];
    expect((await listApps(clientOf(one), bearer(one))).code).toBe(status.OK);
    expect((await listApps(clientOf(one), bearer(other))).code).toBe(status.OK);
    expect(callers.map(({ pluginId }) => pluginId)).toEqual([1, 2]);
  });

  it.each([undefined, 'Bearer ', `Bearer ${'x'.repeat(43)}`, `Basic ${'x'.repeat(43)}`])('refuses a call with %p', async (authorization) => {
    const { code, details } = await listApps(clientOf(await lend(1)), authorization);
    expect({ code, details }).toEqual({ code: status.UNAUTHENTICATED, details: expect.stringContaining('Initialize') });
    expect(callers).toEqual([]);
  });

  it('refuses the token of a generation that has ended, and goes on with that of the next', async () => {
    const old = await lend(1);
    const client = clientOf(old);
    expect((await listApps(client, bearer(old))).code).toBe(status.OK);
    const next = await lend(1, ['apps.read'], 2);
    old.end();
    expect((await listApps(client, bearer(old))).code).toBe(status.UNAUTHENTICATED);
    expect((await listApps(client, bearer(next))).code).toBe(status.OK);
    expect(callers.at(-1)).toMatchObject({ pluginId: 1, generation: 2 });
  });

  it('ends the event streams of a generation with it, and those of no other', async () => {
    const [ending, staying] = [await lend(1), await lend(2)];
    const ended: number[] = [];
    const heard: string[] = [];
    for (const lease of [ending, staying]) {
      const stream = subscribe(clientOf(lease), lease.config['_service_token']!);
      stream.on('error', ({ code }: ServiceError) => ended.push(code));
      stream.on('data', ({ topic }: EventMessage) => heard.push(topic));
    }
    const tell = (topic: string) => events.publish({ id: topic, topic, payload: Buffer.from(''), direction: 0, origin: 'platform', namespaces: [''] });
    await until(() => {
      tell('caller.both');
      return heard.length >= 2;
    }, 10_000);
    ending.end();
    await until(() => ended.length === 1, 10_000);
    expect(ended).toEqual([status.UNAUTHENTICATED]);
    heard.length = 0;
    tell('caller.after');
    await until(() => heard.includes('caller.after'), 10_000);
    expect(heard.filter((topic) => topic === 'caller.after')).toHaveLength(1);
  });

  it('has the scopes, the limits and the counters of a broker socket', async () => {
    const lease = await lend(3, []);
    const client = clientOf(lease);
    const { code, details } = await listApps(client, bearer(lease));
    expect({ code, details }).toEqual({ code: status.PERMISSION_DENIED, details: expect.stringContaining('apps.read') });
    const codes = await Promise.all(Array.from({ length: 40 }, () => listApps(client, bearer(lease)).then((answer) => answer.code)));
    expect(codes).toContain(status.RESOURCE_EXHAUSTED);
    expect(refused.map(({ pluginId, reason }) => ({ pluginId, reason }))).toEqual([{ pluginId: 3, reason: 'scope' }]);
  });

  it('counts the bytes of a request', async () => {
    const lease = await lend(4);
    const { path, requestSerialize, responseDeserialize } = PluginEventServiceService.publish;
    const client = clientOf(lease);
    const publish = () => new Promise<number>((resolve) => {
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, { topic: 'caller.x', payload: Buffer.alloc(9_000_000), direction: 0, pluginId: '' }, headers(bearer(lease)), {}, (error: ServiceError | null) => resolve(error?.code ?? status.OK));
    });
    expect(await publish()).toBe(status.PERMISSION_DENIED);
    expect(await publish()).toBe(status.RESOURCE_EXHAUSTED);
  });
});
