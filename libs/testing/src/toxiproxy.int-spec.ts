import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

import { isToxiproxyMissing, Toxiproxy, type FaultProxy } from './toxiproxy';
import { waitFor } from './wait-for';

jest.setTimeout(330_000);

(isToxiproxyMissing() ? describe.skip : describe)('a fault proxy', () => {
  let toxiproxy: Toxiproxy;
  let echo: Server;
  let proxy: FaultProxy;
  const open: Socket[] = [];

  beforeAll(async () => {
    toxiproxy = await Toxiproxy.start();
    echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
    proxy = await toxiproxy.proxy('echo', (echo.address() as AddressInfo).port);
  });
  afterEach(() => open.splice(0).forEach((socket) => socket.destroy()));
  afterAll(async () => {
    echo?.close();
    await toxiproxy?.close();
  });

  async function dial(): Promise<{ socket: Socket; heard: () => string; ended: () => boolean }> {
    const socket = connect(proxy.port, '127.0.0.1');
    open.push(socket);
    let heard = '';
    let ended = false;
    socket.setEncoding('utf8').on('data', (text: string) => (heard += text));
    socket.on('close', () => (ended = true)).on('error', () => undefined);
    return { socket, heard: () => heard, ended: () => ended };
  }

  async function saysBack(text: string): Promise<void> {
    const { socket, heard } = await dial();
    socket.write(text);
    await waitFor(() => heard() === text, { message: `the echo of ${text}` });
  }

  it('passes everything on, until it is cut, and again when it is mended', async () => {
    const before = await dial();
    before.socket.write('one');
    await waitFor(() => before.heard() === 'one');
    await proxy.cut();
    await waitFor(() => before.ended(), { message: 'the connection has ended' });
    const refused = await dial();
    await waitFor(() => refused.ended(), { message: 'a new connection is refused' });
    await proxy.mend();
    await saysBack('two');
  });

  it('loses what is sent while it is silenced, and ends those connections when it is mended', async () => {
    const { socket, heard, ended } = await dial();
    socket.write('one');
    await waitFor(() => heard() === 'one');
    await proxy.silence();
    socket.write('lost');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect({ heard: heard(), ended: ended() }).toEqual({ heard: 'one', ended: false });
    await proxy.mend();
    await waitFor(() => ended(), { message: 'the silenced connection has ended' });
    await saysBack('two');
  });

  it('ends connections and takes new ones at once', async () => {
    const { ended } = await dial();
    await saysBack('one');
    await proxy.reset();
    await waitFor(() => ended(), { message: 'the connection has ended' });
    await saysBack('two');
  });

  it('is gone once it is removed, and its name is free', async () => {
    const other = await toxiproxy.proxy('other', proxy.port);
    await other.remove();
    const socket = connect(other.port, '127.0.0.1');
    open.push(socket);
    const refused = await new Promise<boolean>((resolve) => socket.once('connect', () => resolve(false)).once('error', () => resolve(true)));
    expect(refused).toBe(true);
    await (await toxiproxy.proxy('other', proxy.port)).remove();
  });
});
