import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '../testing/test-host';
import { endOrphans } from './end-orphans';
import { PrivateDirectory, type ProcessRecord } from './private-directory';
import { identify } from './process-identity';

const DEAD_HOST = { pid: process.pid, startTime: '1' };
let runDirectory: string;
let child: ChildProcess;
let exited: Promise<NodeJS.Signals | null>;

beforeEach(() => {
  runDirectory = mkdtempSync(join(tmpdir(), 'slo-'));
  child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
  exited = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
});
afterEach(async () => {
  child.kill('SIGKILL');
  await exited;
  rmSync(runDirectory, { recursive: true, force: true });
});

function directory(name: string, record: ProcessRecord | undefined): string {
  const path = join(runDirectory, name);
  mkdirSync(path);
  if (record) writeFileSync(join(path, 'process.json'), JSON.stringify(record));
  return path;
}

describe('endOrphans', () => {
  it('ends the process of a host that is gone, and removes its directory', async () => {
    const path = directory('pAAAAAA', { host: DEAD_HOST, plugin: identify(child.pid!)! });
    endOrphans(runDirectory, silentLogger());
    expect(await exited).toBe('SIGKILL');
    expect(existsSync(path)).toBe(false);
  });

  it('ends what a plugin had started that is gone itself', async () => {
    const path = join(runDirectory, 'pGGGGGG');
    const left = spawn('sleep', ['60'], { detached: true, stdio: 'ignore', env: { PATH: process.env['PATH'], PLUGIN_UNIX_SOCKET_DIR: join(path, 's') } });
    const ended = new Promise((resolve) => left.once('exit', (_code, signal) => resolve(signal)));
    try {
      directory('pGGGGGG', { host: DEAD_HOST, plugin: { pid: left.pid!, startTime: '2' } });
      endOrphans(runDirectory, silentLogger());
      expect(await ended).toBe('SIGKILL');
      expect(existsSync(path)).toBe(false);
      expect(child.signalCode).toBeNull();
    } finally {
      left.kill('SIGKILL');
    }
  });

  it('never touches a process that got the pid later', () => {
    const path = directory('pBBBBBB', { host: DEAD_HOST, plugin: { pid: child.pid!, startTime: '2' } });
    endOrphans(runDirectory, silentLogger());
    expect(existsSync(path)).toBe(false);
    expect(identify(child.pid!)).toBeDefined();
  });

  it('leaves the processes of a living host alone', () => {
    const own = PrivateDirectory.create(runDirectory, silentLogger());
    own.recordProcess(child.pid!);
    endOrphans(runDirectory, silentLogger());
    expect(existsSync(own.path)).toBe(true);
    expect(identify(child.pid!)).toBeDefined();
  });

  it('touches neither a living host nor any process where the machine tells processes apart by their pid alone', () => {
    const noProc = join(runDirectory, 'no-proc');
    const byPid = (pid: number) => identify(pid, noProc)!;
    const living = directory('pEEEEEE', { host: byPid(process.pid), plugin: null });
    const left = directory('pFFFFFF', { host: { pid: 2 ** 22 + 1, startTime: null }, plugin: byPid(child.pid!) });
    endOrphans(runDirectory, silentLogger(), noProc);
    expect([living, left].map((path) => existsSync(path))).toEqual([true, false]);
    expect(child.signalCode).toBeNull();
    expect(identify(child.pid!)).toBeDefined();
  });

  it('removes what has no record only when it is old, and nothing that it did not make', () => {
    const old = directory('pCCCCCC', undefined);
    utimesSync(old, new Date(0), new Date(0));
    const fresh = directory('pDDDDDD', undefined);
    const foreign = directory('somebody-elses', undefined);
    utimesSync(foreign, new Date(0), new Date(0));
    endOrphans(runDirectory, silentLogger());
    expect([old, fresh, foreign].map((path) => existsSync(path))).toEqual([false, true, true]);
  });
});
