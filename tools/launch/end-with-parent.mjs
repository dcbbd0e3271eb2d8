/**
 * Preloaded into every process that the launcher starts: ends it, in its own orderly way, when the launcher is gone,
 * also by kill -9. The operating system closes the IPC channel in either case.
 */
const END_AFTER_MS = 20_000;

if (process.channel) {
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.exit(1), END_AFTER_MS).unref();
  });
  process.channel.unref();
}
