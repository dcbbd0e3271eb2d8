import { Client, credentials, Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData, type ServiceError, status } from '@grpc/grpc-js';
import { GRPCControllerClient } from '@sluice/contracts/go-plugin';
import { MicrogatewayManagementServiceService, ReadPluginKVResponse } from '@sluice/contracts/microgateway-management';
import { type EndpointResponse, type InitResponse, type OpenSessionResponse, OpenSessionResponse_CloseReason, PluginServiceClient } from '@sluice/contracts/plugin';
import { answer, endpointRequest, eventually, RawHost } from '../testing/raw-host';

// Real processes on a busy machine.
jest.setTimeout(60_000);

/** A host's way back, which answers each read with the token that came with it. */
class FakeHost {
  private server = new Server();
  port = 0;

  async start(): Promise<void> {
    this.server = new Server();
    this.server.addService({ readPluginKv: MicrogatewayManagementServiceService.readPluginKv }, {
      readPluginKv: (call: ServerUnaryCall<unknown, ReadPluginKVResponse>, callback: sendUnaryData<ReadPluginKVResponse>) =>
        callback(null, ReadPluginKVResponse.fromPartial({ value: Buffer.from(String(call.metadata.get('authorization')[0])) })),
    });
    this.port = await new Promise((resolve, reject) => this.server.bindAsync(`127.0.0.1:${this.port}`, ServerCredentials.createInsecure(), (error, port) => (error ? reject(error) : resolve(port))));
  }

  stop(): void {
    this.server.forceShutdown();
  }
}

let remote: RawHost;
let address: string;
let host: FakeHost;
const clients: Client[] = [];

beforeEach(async () => {
  host = new FakeHost();
  await host.start();
  remote = RawHost.spawn('remote-plugin', {});
  await eventually(() => remote.stdoutLines.length > 0);
  address = remote.stdoutLines[0]!;
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await remote.close();
  host.stop();
});

/** A connection of its own, as each generation of a host has. */
function connect(): PluginServiceClient {
  const client = new PluginServiceClient(address, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
  clients.push(client);
  return client;
}

function initialize(client: PluginServiceClient, token: string | undefined, more: Record<string, string> = {}): Promise<InitResponse> {
  const wayBack: Record<string, string> = token === undefined ? {} : { _service_address: `127.0.0.1:${host.port}`, _service_token: token };
  return answer((done) => client.initialize({ config: { _plugin_id: '7', _plugin_runtime: 'gateway', ...wayBack, ...more } }, done));
}

async function told(client: PluginServiceClient): Promise<string[]> {
  return JSON.parse(await read(client, '/told')) as string[];
}

/** What the plugin read from its host, or the sentence that it failed with. */
async function read(client: PluginServiceClient, path = '/'): Promise<string> {
  return answer<EndpointResponse>((done) => client.handleEndpointRequest(endpointRequest(path), done)).then(
    ({ body }) => body.toString(),
    ({ details }: ServiceError) => details,
  );
}

describe('a plugin that hosts connect to', () => {
  it('is initialised with what the host says, and carries its token', async () => {
    const client = connect();
    expect(await initialize(client, 'one', { slug: 'a' })).toMatchObject({ success: true });
    expect(await told(client)).toEqual(['initialize gateway 7 {"slug":"a"}']);
    expect(await read(client)).toBe('Bearer one');
  });

  it('uses the newest token, and the one before it when that connection is gone', async () => {
    const [older, newer] = [connect(), connect()];
    await initialize(older, 'one');
    await initialize(newer, 'two');
    expect([await read(older), await read(newer), await read(older, '/kept')]).toEqual(['Bearer two', 'Bearer two', 'Bearer two']);
    newer.close();
    await eventually(async () => (await read(older)) === 'Bearer one');
    older.close();
    const next = connect();
    await initialize(next, 'three');
    expect(await read(next, '/kept')).toBe('Bearer three');
  });

  it('tells hosts apart by their connections', async () => {
    const other = new FakeHost();
    await other.start();
    const [one, two] = [connect(), connect()];
    await initialize(one, 'one');
    await initialize(two, 'two', { _plugin_id: '9', _service_address: `127.0.0.1:${other.port}` });
    expect([await read(one), await read(two)]).toEqual(['Bearer one', 'Bearer two']);
    other.stop();
    expect(await read(one)).toBe('Bearer one');
  });

  it('reaches its host again after that was away', async () => {
    const client = connect();
    await initialize(client, 'one');
    expect(await read(client)).toBe('Bearer one');
    host.stop();
    expect(await read(client)).toBe('The services of the host could not be reached.');
    await host.start();
    await eventually(async () => (await read(client)) === 'Bearer one');
  });

  it('serves a host that offers no services, and says what is missing', async () => {
    const client = connect();
    await initialize(client, undefined);
    const session = answer<OpenSessionResponse>((done) => client.openSession({ serviceBrokerId: 0, pluginId: 7, metadata: {}, timeoutMs: 50 }, done));
    expect(await session).toMatchObject({ success: true, closeReason: OpenSessionResponse_CloseReason.TIMEOUT });
    expect(await told(client)).toContain('ready');
    expect(await read(client)).toContain('PLUGIN_REVERSE_ADDRESS');
  });

  it('is ended by no host', async () => {
    const client = connect();
    await initialize(client, 'one');
    expect(await answer((done) => client.shutdown({ timeoutSeconds: 1n }, done))).toMatchObject({ success: true });
    const controller = new GRPCControllerClient(address, credentials.createInsecure());
    clients.push(controller);
    await expect(answer((done) => controller.shutdown({}, done))).rejects.toMatchObject({ code: status.UNIMPLEMENTED } satisfies Partial<ServiceError>);
    expect(await told(client)).not.toContain('shutdown');
    expect(await read(client)).toBe('Bearer one');
  });

  it('closes the session of that connection only which a host closes', async () => {
    const [one, two] = [connect(), connect()];
    await initialize(one, 'one');
    await initialize(two, 'two');
    const open = (client: PluginServiceClient, timeoutMs: number) => answer<OpenSessionResponse>((done) => client.openSession({ serviceBrokerId: 0, pluginId: 7, metadata: {}, timeoutMs }, done));
    const sessions = [open(one, 20_000), open(two, 1_500)];
    await eventually(async () => (await told(one)).filter((line) => line === 'ready').length === 2);
    await answer((done) => one.closeSession({ reason: 'unload' }, done));
    expect((await Promise.all(sessions)).map(({ closeReason }) => closeReason)).toEqual([OpenSessionResponse_CloseReason.EXPLICIT_CLOSE, OpenSessionResponse_CloseReason.TIMEOUT]);
  });

  it('lets go of everything in order', async () => {
    const client = connect();
    await initialize(client, 'one');
    remote.child.kill('SIGTERM');
    expect(await remote.exited).toEqual({ code: 0, signal: null });
    expect(remote.stderrLines.filter((line) => line.startsWith('told '))).toEqual(['told closing shutdown', 'told shutdown']);
    expect(await read(client)).toMatch(/ECONNREFUSED|connection/i);
  });
});
