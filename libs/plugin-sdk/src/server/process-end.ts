import { unlinkSync } from 'node:fs';
import type { Server } from '@grpc/grpc-js';

const SIGTERM_GRACE_MS = 1_500;
const PARENT_CHECK_MS = 2_000;

/** What has to be let go before the process ends. */
export interface Ending {
  server: Server;
  /** Removed when the server did not do it. */
  socketPath?: string;
  close(): void;
}

/** Calls that are running may finish, up to the time of grace; then the process is gone. */
export function gracefulEnd({ server, socketPath, close }: Ending): (graceMs: number) => void {
  let ending = false;
  const exit = () => {
    if (socketPath !== undefined) removeSocket(socketPath);
    process.exit(0);
  };
  return (graceMs) => {
    setTimeout(exit, graceMs);
    if (ending) return;
    ending = true;
    close();
    // Streams for the life of the process never finish by themselves, so that this ends early only when no host is connected.
    server.tryShutdown(exit);
  };
}

/** A host stops its plugins itself: Ctrl-C in its terminal, which reaches the plugins as well, is not meant for them. */
export function endOnSignals(end: (graceMs: number) => void): void {
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => end(SIGTERM_GRACE_MS));
}

/** A host that was killed cannot stop its plugins: they notice that they were adopted by another process. */
export function endWithParent(end: (graceMs: number) => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) end(0);
  }, PARENT_CHECK_MS).unref();
}

function removeSocket(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // The server has removed it already.
  }
}
