import { createServer, type Server as NetServer } from 'node:net';
import { Server, ServerCredentials, setLogger } from '@grpc/grpc-js';
import { listen } from './listen';

describe('listen without unix sockets', () => {
  const server = new Server();
  let blocker: NetServer;
  let taken: number;

  beforeAll(async () => {
    // A taken port is what is tested: grpc-js logs it as an error.
    setLogger({ error: () => undefined });

    blocker = createServer();
    taken = await new Promise((resolve) => blocker.listen(0, '127.0.0.1', () => resolve((blocker.address() as { port: number }).port)));
  });
  afterAll(() => {
    server.forceShutdown();
    blocker.close();
  });

  it('takes the first free port of the range that the host gave', async () => {
    const env = { PLUGIN_MIN_PORT: String(taken), PLUGIN_MAX_PORT: String(taken + 50) };
    const { network, address } = await listen(server, ServerCredentials.createInsecure(), env, 'win32');
    const port = Number(address.replace('127.0.0.1:', ''));
    expect(network).toBe('tcp');
    expect(port).toBeGreaterThan(taken);
    expect(port).toBeLessThanOrEqual(taken + 50);
  });

  it('says so when none is free', async () => {
    const env = { PLUGIN_MIN_PORT: String(taken), PLUGIN_MAX_PORT: String(taken) };
    await expect(listen(server, ServerCredentials.createInsecure(), env, 'win32')).rejects.toThrow(`No port between ${taken} and ${taken} is free.`);
  });
});
