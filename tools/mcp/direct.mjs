import { createRequire } from 'node:module';
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const require = createRequire(import.meta.url);

/** The same handler as the plugin's, on a plain HTTP server: what the gateway is compared with. */
export async function startDirect() {
  const { McpEndpoint } = require('../../examples/plugins/mcp-server/dist/mcp-endpoint.js');
  const { KvSharing } = require('../../examples/plugins/mcp-server/dist/sessions/kv-sharing.js');
  const logger = { warn: () => undefined };
  const endpoint = new McpEndpoint({ allowedHosts: ['127.0.0.1', 'localhost'], sessionIdleMs: 600_000, maxSessions: 1000, sharing: new KvSharing(memoryKv(), 600_000), logger });
  const server = createServer((request, response) => {
    answer(endpoint, request, response).catch(() => response.destroy());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async () => {
    await endpoint.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${server.address().port}/mcp`, stop };
}

async function answer(endpoint, request, response) {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const body = request.method === 'POST' ? Readable.toWeb(request) : null;
  const url = `http://${request.headers.host}${request.url}`;
  const answered = await endpoint.fetch(new globalThis.Request(url, { method: request.method, headers: Object.entries(request.headers), body, duplex: 'half', signal: gone.signal }));
  response.writeHead(answered.status, [...answered.headers].flat()).flushHeaders();
  if (answered.body) await pipeline(Readable.fromWeb(answered.body), response);
  else response.end();
}

function memoryKv() {
  const values = new Map();
  return {
    getJson: async (key) => values.get(key),
    setJson: async (key, value) => void values.set(key, value),
    delete: async (key) => values.delete(key),
    get: async (key) => values.get(key),
    set: async (key, value) => void values.set(key, value),
  };
}
