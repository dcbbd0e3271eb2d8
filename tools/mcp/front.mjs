import { createServer, request as httpRequest } from 'node:http';

/** A load balancer that knows nothing of sessions: each request goes to the next gateway. It adds the headers that the conformance runner cannot send. */
export async function startFront(urls, prefix, headers = {}) {
  let turn = 0;
  const server = createServer((incoming, outgoing) => {
    const { hostname, port } = new URL(urls[turn++ % urls.length]);
    const options = { hostname, port, path: prefix + incoming.url, method: incoming.method, headers: { ...incoming.headers, ...headers } };
    const upstream = httpRequest(options, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.rawHeaders);
      outgoing.flushHeaders();
      answer.pipe(outgoing);
      answer.once('error', () => outgoing.destroy());
    });
    upstream.once('error', () => outgoing.destroy());
    outgoing.once('close', () => upstream.destroy());
    incoming.pipe(upstream);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${server.address().port}/mcp`, stop };
}
