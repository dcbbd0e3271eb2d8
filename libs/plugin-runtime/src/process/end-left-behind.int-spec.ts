import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { systemClock } from '@sluice/kernel';
import { findAbilities } from '../isolation/abilities';
import { Isolation } from '../isolation/isolation';
import { launchPlugin } from '../launch/launch-plugin';
import { LocalPluginLauncher } from '../launch/local-plugin-launcher';
import { DEFAULT_TIMINGS } from '../timings';
import { LogRing } from './log-ring';
import { isRunning, silentLogger, until } from '../testing/test-host';
import { endLeftBehind } from './end-left-behind';

const FOLDER = `/nowhere/p${process.pid}/s`;
/** A daemon: it leaves its session, and whoever started it ends. */
const DAEMON = 'setsid sleep 60 >/dev/null 2>&1 & echo $!';

describe('endLeftBehind', () => {
  const children: ChildProcess[] = [];
  const pids: number[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    for (const pid of pids.splice(0)) if (isRunning(pid)) process.kill(pid, 'SIGKILL');
  });

  const daemon = async (folder: string): Promise<number> => {
    const shell = spawn('sh', ['-c', DAEMON], { env: { PATH: process.env['PATH'], PLUGIN_UNIX_SOCKET_DIR: folder, LAST: '1' }, stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(shell);
    const [line] = await Promise.all([new Promise<string>((resolve) => shell.stdout.once('data', (chunk) => resolve(String(chunk)))), new Promise((resolve) => shell.once('exit', resolve))]);
    pids.push(Number(line));
    return Number(line);
  };

  it('ends what left its process group and its session, and nothing of other plugins', async () => {
    const [ours, theirs] = [await daemon(FOLDER), await daemon(`${FOLDER}2`)];
    await until(() => isRunning(ours), 5_000);
    expect(await endLeftBehind(FOLDER)).toContain(ours);
    await until(() => !isRunning(ours), 5_000);
    expect(isRunning(theirs)).toBe(true);
    expect(await endLeftBehind(FOLDER)).toEqual([]);
  });

  it('is what ends them with a plugin whose host may make no control groups', async () => {
    const abilities = await findAbilities();
    const script = `require(${JSON.stringify(resolve(__dirname, '../testing/faulty-plugin-process.js'))}).run('none');
      const daemon = require('child_process').spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
      daemon.unref();
      console.error('daemon ' + daemon.pid);`;
    const folder = mkdtempSync(join(tmpdir(), 'sllb-'));
    try {
      writeFileSync(join(folder, 'main.js'), script);
      const isolation = new Isolation({ caps: {}, uidRange: null }, async () => ({ ...abilities, cgroups: undefined }));
      const ring = new LogRing();
      const context = { launcher: new LocalPluginLauncher({ hasRoots: false }), clock: systemClock, timings: DEFAULT_TIMINGS, runtime: 'gateway', runDirectory: folder, environment: process.env, isolation, autoMtls: 'off', transport: 'auto' } as const;
      const launched = await launchPlugin(context, { deployment: { kind: 'file', path: join(folder, 'main.js') }, holder: '1', logger: silentLogger(), ring });
      const line = () => /^daemon (\d+)$/m.exec(ring.last().join('\n'));
      await until(() => line() !== null, 10_000);
      const pid = Number(line()![1]);
      pids.push(pid);
      expect(isRunning(pid)).toBe(true);
      await launched.destroy();
      await until(() => !isRunning(pid), 5_000);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 30_000);

  it('finds nothing where there is no /proc', async () => {
    expect(await endLeftBehind(FOLDER, '/nowhere/proc')).toEqual([]);
  });
});
