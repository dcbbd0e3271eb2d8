import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Server, ServerCredentials } from '@grpc/grpc-js';
import { LaneServer } from '@sluice/grpc-lane';
import type { ListenAddress } from './handshake-line';

type Env = Readonly<Record<string, string | undefined>>;

/** A unix socket in the plugin's own folder; TCP on the loopback interface where there are no unix sockets. */
export async function listen(server: Server | LaneServer, credentials: ServerCredentials, env: Env, platform = process.platform): Promise<ListenAddress> {
  if (platform === 'win32' && !(server instanceof LaneServer)) return listenTcp(server, credentials, env);
  const folder = env['PLUGIN_UNIX_SOCKET_DIR'] || env['TMPDIR'] || tmpdir();
  const path = join(folder, `plugin${randomBytes(5).toString('hex')}`);
  if (server instanceof LaneServer) await server.listen(path);
  else await bind(server, `unix:${path}`, credentials);
  return { network: 'unix', address: path };
}

async function listenTcp(server: Server, credentials: ServerCredentials, env: Env): Promise<ListenAddress> {
  const [from, to] = [portOf(env['PLUGIN_MIN_PORT'], 10_000), portOf(env['PLUGIN_MAX_PORT'], 25_000)];
  for (let port = from; port <= to; port++) {
    const address = `127.0.0.1:${port}`;
    try {
      await bind(server, address, credentials);
      return { network: 'tcp', address };
    } catch {
      // Taken by somebody else: the next one.
    }
  }
  throw new Error(`No port between ${from} and ${to} is free.`);
}

function portOf(text: string | undefined, fallback: number): number {
  return text !== undefined && /^\d{1,5}$/.test(text) ? Number(text) : fallback;
}

function bind(server: Server, address: string, credentials: ServerCredentials): Promise<void> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error) => (error ? reject(error) : resolve()));
  });
}
