import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { systemClock } from '@sluice/kernel';
import { Isolation } from '../isolation/isolation';
import { LogRing } from '../process/log-ring';
import { silentLogger, until } from '../testing/test-host';
import { DEFAULT_TIMINGS } from '../timings';
import { launchPlugin } from './launch-plugin';

/** Whether a process runs that has this word among its arguments. */
function runs(word: string): boolean {
  return readdirSync('/proc').some((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(word);
    } catch {
      return false;
    }
  });
}

describe('launchPlugin', () => {
  it('ends a process that it cannot write down', async () => {
    const runDirectory = mkdtempSync(join(tmpdir(), 'sll-'));
    const word = basename(runDirectory);
    const launcher = {
      prepare: async () => {
        rmSync(runDirectory, { recursive: true });
        return { file: '/bin/sh', args: ['-c', 'sleep 60; exit 1', word], folder: '/' };
      },
    };
    const context = { launcher, clock: systemClock, timings: DEFAULT_TIMINGS, runtime: 'gateway', runDirectory, environment: process.env, isolation: new Isolation({ caps: {}, uidRange: null }), autoMtls: 'off', transport: 'auto' } as const;
    const launch = launchPlugin(context, { deployment: { kind: 'file', path: '/plugin' }, holder: '1', logger: silentLogger(), ring: new LogRing() });
    await expect(launch).rejects.toThrow(/^The plugin could not be started: .*ENOENT/);
    await until(() => !runs(word), 5_000);
  });
});
