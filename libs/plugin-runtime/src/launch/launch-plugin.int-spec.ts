import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@sluice/kernel';
import { LogRing } from '../process/log-ring';
import type { PluginProcess } from '../process/plugin-process';
import { FaultyPlugins } from '../testing/faulty-plugin';
import { silentLogger } from '../testing/test-host';
import { DEFAULT_TIMINGS } from '../timings';
import { FilePluginLauncher } from './file-plugin-launcher';
import { launchPlugin } from './launch-plugin';
import type { LaunchRequest } from './plugin-launcher';

const plugins = new FaultyPlugins();

afterAll(() => plugins.remove());

describe('launchPlugin', () => {
  it('ends a process that it cannot write down', async () => {
    const runDirectory = mkdtempSync(join(tmpdir(), 'sll-'));
    let launched: PluginProcess | undefined;
    const launcher = {
      launch: (request: LaunchRequest) => {
        launched = new FilePluginLauncher().launch(request);
        rmSync(runDirectory, { recursive: true });
        return launched;
      },
    };
    const context = { launcher, clock: systemClock, timings: DEFAULT_TIMINGS, runtime: 'gateway', runDirectory, environment: process.env } as const;
    const launch = launchPlugin(context, { deployment: plugins.deployment('hang-in-handshake'), logger: silentLogger(), ring: new LogRing() });
    await expect(launch).rejects.toThrow(/^The plugin could not be started: .*ENOENT/);
    expect(await launched!.exited).toMatchObject({ signal: 'SIGKILL' });
  });
});
