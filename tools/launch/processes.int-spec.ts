import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const module_ = pathToFileURL(join(__dirname, 'processes.mjs')).href;
/** Starts one process that runs for a minute, prints its id, and stays. */
const launcher = `
  const { Processes } = await import(${JSON.stringify(module_)});
  const processes = new Processes(process.argv[1]);
  await processes.endLeftovers();
  console.log(processes.start('sleeper', process.argv[2], {}).pid);
  setTimeout(() => {}, 60_000);
`;

let folder: string;
let sleeper: string;
const launchers: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-processes-'));
  sleeper = join(folder, 'sleeper.cjs');
  writeFileSync(sleeper, 'setTimeout(() => {}, 60_000);');
});
afterEach(async () => {
  for (const child of launchers.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
  rmSync(folder, { recursive: true, force: true });
});

const argumentsOf = () => ['--input-type=module', '-e', launcher, folder, join('..', '..', '..', '..', '..', '..', '..', sleeper)];

async function launch(): Promise<{ child: ChildProcess; pid: number }> {
  const child = spawn(process.execPath, argumentsOf(), { stdio: ['ignore', 'pipe', 'inherit'] });
  launchers.push(child);
  for await (const line of createInterface(child.stdout!)) if (/^\d+$/.test(line)) return { child, pid: Number(line) };
  throw new Error('The launcher ended without starting its process.');
}

const isAlive = (pid: number): boolean => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop()![0] !== 'Z';
  } catch {
    return false;
  }
};

(process.platform === 'linux' ? describe : describe.skip)('the processes of a launcher', () => {
  it('are left alone by a second launcher on the same folder, which says who is there', async () => {
    const { child, pid } = await launch();
    const second = spawnSync(process.execPath, argumentsOf(), { encoding: 'utf8', timeout: 60_000 });
    expect(second.stderr).toContain(`Process ${child.pid} runs on ${folder} already.`);
    expect(isAlive(pid)).toBe(true);
  });

  it('are gone before the launcher after a killed one starts its own', async () => {
    const first = await launch();
    first.child.kill('SIGKILL');
    const killedAt = performance.now();
    const second = await launch();
    // They end by themselves, even those that were still starting; what has to be killed is waited for 20 s.
    expect(performance.now() - killedAt).toBeLessThan(15_000);
    expect(isAlive(first.pid)).toBe(false);
    expect(isAlive(second.pid)).toBe(true);
  });
});
