import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RegistryHttp } from './registry-http';

describe('RegistryHttp', () => {
  const asked = jest.fn();
  let server: Server;
  let origin: string;
  let http: RegistryHttp;
  const get = () => http.get(`${origin}/v2/`, {}, new AbortController().signal);

  beforeEach(async () => {
    asked.mockClear();
    server = createServer((_, response) => {
      asked();
      response.end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    http = new RegistryHttp({ answerMs: 5_000, silenceMs: 5_000 });
  });
  afterEach(async () => {
    await http.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('asks nobody once it is closed, also for what was wanted right before', async () => {
    const wanted = get();
    await http.close();
    await expect(wanted).rejects.toMatchObject({ code: 'oci.registryUnreachable', message: expect.stringContaining('this process is ending') });
    await expect(get()).rejects.toMatchObject({ code: 'oci.registryUnreachable' });
    expect(asked).not.toHaveBeenCalled();
  });

  it('asks until then', async () => {
    const response = await get();
    expect(await http.read(response, 'registry', 10, new AbortController().signal)).toEqual(Buffer.from('{}'));
  });
});
