import { fstatSync } from 'node:fs';

/**
 * Settles with the reason when the process should end: a signal, or its launcher is gone, which closes the channel or the pipe between them. A
 * terminal, a file or /dev/null as standard input says nothing about a launcher.
 */
export function untilToldToStop(): Promise<string> {
  return new Promise((resolve) => {
    // Neither a signal handler nor a detached server keeps a process alive.
    setInterval(() => undefined, 60_000);
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => resolve(signal));
    if (process.connected) process.once('disconnect', () => resolve('its launcher is gone'));
    if (isPipe(0)) {
      process.stdin.on('error', () => resolve('standard input failed'));
      process.stdin.once('end', () => resolve('standard input was closed'));
      process.stdin.resume();
    }
    // Nobody reads any more; the end of standard input tells the rest.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  });
}

function isPipe(descriptor: number): boolean {
  try {
    const stats = fstatSync(descriptor);
    return stats.isFIFO() || stats.isSocket();
  } catch {
    return false;
  }
}
