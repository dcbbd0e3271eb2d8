import { createServer, type AddressInfo } from 'node:net';

import { serverErrors } from '../errors';

/** The port asked for, or for 0 any that is free. Throws `server.portTaken`, which names the port and the server that wanted it. */
export async function claimLoopbackPort(port: number, server: string): Promise<number> {
  const probe = createServer();
  try {
    return await new Promise<number>((resolve, reject) => {
      probe.once('error', reject);
      probe.listen({ host: '127.0.0.1', port, exclusive: true }, () => resolve((probe.address() as AddressInfo).port));
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new serverErrors.portTaken(
      { port },
      { cause: error, detail: `${server} cannot listen on 127.0.0.1:${port}: the port is taken by another program. Choose another port, or 0 for any free one.` },
    );
  } finally {
    await new Promise((resolve) => probe.close(resolve));
  }
}
