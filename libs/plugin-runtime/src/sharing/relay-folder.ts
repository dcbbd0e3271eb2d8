import type { Logger } from 'pino';
import { PrivateDirectory } from '../process/private-directory';

/** Where the sockets of relays lie. */
export interface RelayFolder {
  readonly path: string;
  remove(): void;
}

/**
 * Makes a folder for relays in the run directory of plugins: what a host that was killed leaves of it goes when a later one sweeps the private
 * directories of that one's plugins. Throws what the file system throws.
 */
export function makeRelayFolder(runDirectory: string, logger: Logger): RelayFolder {
  return PrivateDirectory.create(runDirectory, logger);
}
