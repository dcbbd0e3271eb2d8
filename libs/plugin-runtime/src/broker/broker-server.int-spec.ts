import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../testing/test-host';
import { BrokerServer, MAX_CALLS_PER_CONNECTION, MAX_CONNECTIONS } from './broker-server';

const directory = mkdtempSync(join(tmpdir(), 'slb-'));
const socketPath = join(directory, 'host.sock');
let live = 0;
let server: BrokerServer;

beforeAll(async () => {
  server = await BrokerServer.listen({ at: socketPath, services: [], onConnect: () => (live += 1), onDisconnect: () => (live -= 1) });
});
afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

describe('BrokerServer', () => {
  it('keeps a plugin from using up the connections of its host', async () => {
    const sockets: Socket[] = [];
    let refused = 0;
    for (let n = 0; n < MAX_CONNECTIONS + 20; n += 1) {
      const socket = connect(socketPath).on('error', () => undefined).on('close', () => (refused += 1)).resume();
      sockets.push(socket);
    }
    await until(() => refused === 20 && live === MAX_CONNECTIONS, 10_000, () => `refused ${refused}, live ${live}`);
    for (const socket of sockets) socket.destroy();
    await until(() => live === 0, 10_000);
  });

  it('takes a bounded number of calls at a time', async () => {
    const session = connectHttp2('http://localhost', { createConnection: () => connect(socketPath) });
    const [settings] = (await once(session, 'remoteSettings')) as [{ maxConcurrentStreams?: number }];
    expect(settings.maxConcurrentStreams).toBe(MAX_CALLS_PER_CONNECTION);
    session.destroy();
  });
});
