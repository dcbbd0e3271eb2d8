import type { Clock } from '@sluice/kernel';
import { StartFailure } from '../launch/start-failure';
import { describeExit } from '../process/describe-exit';
import { exitWithin } from '../process/exit-within';
import type { PluginProcess } from '../process/plugin-process';
import { type Handshake, parseHandshake, quote } from './parse-handshake';

/** A plugin that printed something else is mostly one that is about to end; how it ended belongs to the reason. */
const LAST_MOMENT_MS = 250;

/** Waits for the handshake line. Throws {@link StartFailure} when another line comes, none comes in time, or the process ends. */
export async function awaitHandshake(process: PluginProcess, clock: Clock, timeoutMs: number, certificates = false): Promise<Handshake> {
  const outcome = await firstOf(process, clock, timeoutMs);
  if (outcome === 'timeout') {
    const partial = process.partialLine;
    if (partial !== '') throw new StartFailure(`The plugin did not print its handshake within ${timeoutMs / 1_000} s, only ${quote(partial)}.`);
    throw new StartFailure(`The plugin did not print its handshake within ${timeoutMs / 1_000} s.`);
  }
  if (outcome === undefined) {
    const exit = await exitWithin(process, clock, LAST_MOMENT_MS);
    if (!exit) throw new StartFailure('The plugin closed its output before the handshake.');
    throw new StartFailure(`The plugin ended before the handshake ${describeExit(exit)}.`, exit);
  }
  const handshake = parseHandshake(outcome, certificates);
  if (handshake.ok) return handshake;
  const exit = await exitWithin(process, clock, LAST_MOMENT_MS);
  if (!exit) throw new StartFailure(handshake.reason);
  throw new StartFailure(`${handshake.reason.slice(0, -1)}; it ended ${describeExit(exit)}.`, exit);
}

function firstOf(process: PluginProcess, clock: Clock, timeoutMs: number): Promise<string | undefined | 'timeout'> {
  return new Promise((resolve) => {
    const cancel = clock.after(timeoutMs, () => resolve('timeout'));
    void process.firstLine.then((line) => {
      cancel();
      resolve(line);
    });
  });
}
