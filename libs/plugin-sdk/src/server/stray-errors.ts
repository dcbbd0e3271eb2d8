import type { Logger } from '../services/logger';

/** Errors that no handler caught, from timers and forgotten promises: they are logged, and the calls of others go on. */
export function logStrayErrors(logger: Logger): void {
  // A host that is gone has closed the pipe: to log that would fail in the same way, again and again.
  process.stderr.on('error', () => undefined);
  process.on('uncaughtException', (error) => logger.error('An exception was not caught.', { error }));
  process.on('unhandledRejection', (error) => logger.error('A rejected promise was not caught.', { error }));
}
