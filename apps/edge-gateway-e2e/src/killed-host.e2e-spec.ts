import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '@sluice/testing';
import { Stack } from './stack/stack';
import { writePlugin } from './stack/written-plugin';

jest.setTimeout(180_000);

/** Starts a process that leaves the plugin's group and session, ignores being asked to end, or closes its output. */
const STUBBORN = `
  endpoints() { return [{ path: '/*', methods: ['GET'] }]; }
  handleEndpoint(ctx, request) {
    const { spawn } = require('node:child_process');
    const [what] = request.pathSegments;
    if (what === 'silent') { require('node:fs').closeSync(1); require('node:fs').closeSync(2); }
    if (what === 'ignore') for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => undefined);
    const child = what === 'daemon' ? spawn('sh', ['-c', 'trap "" TERM HUP; while :; do sleep 1; done'], { detached: true, stdio: 'ignore' }) : undefined;
    child?.unref();
    return { body: JSON.stringify({ pid: process.pid, child: child?.pid }) };
  }`;

const CGROUPS = ['/sys/fs/cgroup/pids', '/sys/fs/cgroup/memory', '/sys/fs/cgroup/cpu', '/sys/fs/cgroup'].filter((folder) => existsSync(folder));

/** One that nobody has asked yet how it ended does not count. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe('a gateway that is killed while its plugins run', () => {
  let stack: Stack;
  let command: string;
  beforeAll(async () => {
    stack = await Stack.start();
    command = writePlugin(stack.folder, 'stubborn', STUBBORN);
    await stack.api.createEcho('stubborn', {}, { command });
    await stack.untilServing('stubborn');
  });
  afterAll(() => stack?.close());

  const ask = async (path: string) => (await (await stack.get(`/plugins/stubborn/${path}`)).json()) as { pid: number; child?: number };
  const folders = () => readdirSync(join(stack.folder, 'g'));
  const groupsOf = (host: number) => CGROUPS.flatMap((folder) => readdirSync(folder)).filter((name) => name.startsWith(`sluice-${host}-`));

  it('leaves neither a process nor a folder nor a control group when it is started again, also of what left its plugin', async () => {
    await ask('ignore');
    const { pid, child } = await ask('daemon');
    const [before] = folders();
    const host = stack.gateway.pid;
    expect([isRunning(pid), isRunning(child!)]).toEqual([true, true]);

    await stack.gateway.kill();
    await stack.startGateway();
    await stack.untilServing('stubborn');
    await waitFor(() => !isRunning(pid) && !isRunning(child!), { timeoutMs: 20_000, message: () => `plugin ${pid} and its child ${child} end: ${isRunning(pid)}, ${isRunning(child!)}` });
    await waitFor(() => groupsOf(host).length === 0, { timeoutMs: 20_000, message: () => `the groups ${groupsOf(host).join()} are removed` });
    expect(folders()).toHaveLength(1);
    expect(folders()).not.toContain(before);
    expect((await ask('x')).pid).not.toBe(pid);
  });

  it('goes on with a plugin that has closed its output, and with one whose folder was deleted', async () => {
    const { pid } = await ask('silent');
    expect((await ask('x')).pid).toBe(pid);
    rmSync(join(stack.folder, 'plugin-stubborn'), { recursive: true });
    expect((await ask('x')).pid).toBe(pid);
    process.kill(pid, 'SIGKILL');
    await waitFor(async () => (await stack.get('/plugins/stubborn/x')).status === 503, { timeoutMs: 20_000, message: 'the plugin is gone' });
    writePlugin(stack.folder, 'stubborn', STUBBORN);
    await stack.untilServing('stubborn');
  });

  it('leaves nothing when it ends in an orderly way', async () => {
    await ask('ignore');
    const { pid, child } = await ask('daemon');
    await stack.gateway.end();
    expect([isRunning(pid), isRunning(child!), folders()]).toEqual([false, false, []]);
  });
});
