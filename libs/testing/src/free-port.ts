import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below what systems take for the near end of connections: one of those could take a port before who asked for it listens. */
const FIRST = 15_000;
const LAST = 32_000;
const given = new Set<number>();

/** A TCP port on 127.0.0.1 that was free a moment ago, and that this process was not given before. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  }
  server.close();
  await once(server, 'close');
  return true;
}
