/**
 * Preloaded into every process that the launcher starts: ends it, in its own orderly way, when the launcher is gone,
 * also by kill -9. The operating system closes the IPC channel in either case.
 */
import { isMainThread } from 'node:worker_threads';

const END_AFTER_MS = 20_000;

// Worker threads are given the same preloads, and no channel.
if (isMainThread) {
  // The launcher may have gone before this line was reached, and then nothing would tell.
  if (!process.connected) process.exit(1);
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.exit(1), END_AFTER_MS).unref();
  });
  process.channel.unref();
}
