import { createServer, type ServerResponse } from 'node:http';
import { connect, Socket, type AddressInfo } from 'node:net';
import { ChunkedBody } from './chunked-body';
import { sendWhole } from './send-whole';

const cleanups: (() => void)[] = [];
afterEach(() => cleanups.splice(0).forEach((cleanup) => cleanup()));

/** Everything that the server says to these requests. */
async function said(requests: string, answer: (res: ServerResponse) => void): Promise<string> {
  const server = createServer((_req, res) => answer(res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => server.close().closeAllConnections());
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  cleanups.push(() => socket.destroy());
  const parts: Buffer[] = [];
  socket.on('data', (part) => parts.push(part));
  socket.write(requests);
  await new Promise((resolve) => socket.on('close', resolve));
  return Buffer.concat(parts).toString('latin1').replace(/Date: [^\r]*\r\n/g, '');
}

const KEPT = 'GET /a HTTP/1.1\r\nHost: a\r\n\r\n';
const LAST = 'GET /b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
const BYTES = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

describe.each([['small', 1], ['large', 64]])('a %s body', (_, times) => {
  const body = Buffer.concat(Array.from({ length: times }, () => BYTES));

  it('leaves whole as node:http would send it, also behind another one', async () => {
    const head = (res: ServerResponse) => res.writeHead(201, ['X-A', 'é', 'Content-Length', String(body.length)]);
    const ours = await said(KEPT + LAST, (res) => {
      head(res);
      sendWhole(res, body);
    });
    expect(ours).toBe(await said(KEPT + LAST, (res) => head(res).end(body)));
    expect(ours.split(body.toString('latin1'))).toHaveLength(3);
  });

  it.each([['HTTP/1.1', KEPT + LAST], ['HTTP/1.0', 'GET / HTTP/1.0\r\n\r\n'], ['HTTP/1.0 that would stay', 'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n']])('leaves in pieces as node:http would send it, in %s', async (__, requests) => {
    const ours = await said(requests, (res) => {
      res.writeHead(200, ['X-A', 'a']);
      const pieces = new ChunkedBody(res);
      for (const piece of [body, BYTES, body]) pieces.write(piece);
      pieces.end();
    });
    const theirs = await said(requests, (res) => {
      res.writeHead(200, ['X-A', 'a']);
      for (const piece of [body, BYTES, body]) res.write(piece);
      res.end();
    });
    expect(ours).toBe(theirs);
  });

  it('leaves in pieces of several turns as node:http would send it, also behind another one', async () => {
    const answer = async (write: (piece: Buffer) => unknown, end: () => unknown) => {
      for (let turn = 0; turn < 5; turn++) {
        for (const piece of [body, BYTES]) write(piece);
        await new Promise((resolve) => setImmediate(resolve));
      }
      end();
    };
    const ours = await said(KEPT + LAST, (res) => {
      res.writeHead(200, ['X-A', 'a']);
      const pieces = new ChunkedBody(res);
      void answer((piece) => pieces.write(piece), () => pieces.end());
    });
    const theirs = await said(KEPT + LAST, (res) => {
      res.writeHead(200, ['X-A', 'a']);
      void answer((piece) => res.write(piece), () => res.end());
    });
    expect(ours).toBe(theirs);
  });
});

it('tells when there is room again for small pieces, each of a turn of its own', async () => {
  let written = 0;
  const drained = new Promise<void>((resolve, reject) => {
    const server = createServer((_req, res) => {
      res.writeHead(200);
      const pieces = new ChunkedBody(res);
      res.once('drain', resolve);
      const write = () => {
        written += BYTES.length;
        if (pieces.write(BYTES)) setImmediate(write);
        else socket.resume();
      };
      write();
    });
    const socket = new Socket();
    socket.pause();
    server.listen(0, '127.0.0.1', () => {
      socket.connect((server.address() as AddressInfo).port, '127.0.0.1');
      socket.on('error', reject).write(LAST);
    });
    cleanups.push(() => server.close().closeAllConnections(), () => socket.destroy());
  });
  await drained;
  expect(written).toBeGreaterThan(16_384);
}, 30_000);
