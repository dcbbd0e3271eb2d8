import { linkSync, lstatSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '@sluice/kernel';
import { type PluginAddress, quote } from '../handshake/parse-handshake';
import type { PluginProcess } from '../process/plugin-process';
import type { PrivateDirectory } from '../process/private-directory';
import { StartFailure } from './start-failure';

const LOOK_EVERY_MS = 50;

export interface OwnerOfSocket {
  directory: PrivateDirectory;
  process: Pick<PluginProcess, 'exit'>;
}

/**
 * The address of a handshake as the host may connect to it. A unix socket gets a second name in the part of the private directory where
 * only the host can write: under its own name the plugin could put a link to the socket of another plugin in its place, for its host to
 * call and, in the end, to shut down. Waits for a socket that is not there yet. Throws {@link StartFailure}.
 */
export async function ownAddress(address: PluginAddress, { directory, process }: OwnerOfSocket, clock: Clock, timeoutMs: number): Promise<PluginAddress> {
  if (address.network !== 'unix') return address;
  if (!liesIn(address.path, directory.pluginFolder)) {
    throw new StartFailure(`The plugin listens on ${quote(address.path)}, which does not lie in the folder that PLUGIN_UNIX_SOCKET_DIR named.`);
  }
  const deadline = clock.now() + timeoutMs;
  for (;;) {
    const path = secondName(address.path, directory.pluginSocket);
    if (path !== undefined) return { network: 'unix', path };
    if (clock.now() >= deadline || process.exit) throw new StartFailure(`The plugin did not accept a connection within ${timeoutMs / 1_000} s of its handshake.`);
    await new Promise<void>((resolve) => clock.after(LOOK_EVERY_MS, resolve));
  }
}

function liesIn(path: string, folder: string): boolean {
  try {
    return realpathSync(dirname(path)) === realpathSync(folder);
  } catch {
    return false;
  }
}

/** undefined while there is nothing. Where a file system knows no second names for sockets, it is the first one. */
function secondName(path: string, name: string): string | undefined {
  let connectable = name;
  try {
    linkSync(path, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    connectable = path;
  }
  if (lstatSync(connectable, { throwIfNoEntry: false })?.isSocket()) return connectable;
  throw new StartFailure(`The plugin listens on ${quote(path)}, which is not a socket.`);
}
