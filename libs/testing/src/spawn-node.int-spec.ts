import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { killTree } from './kill-tree';
import { spawnNode } from './spawn-node';
import { waitFor } from './wait-for';

describe('processes under test', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'sluice-testing-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  function script(name: string, text: string): string {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  }

  it('keeps the output and the exit code', async () => {
    const child = spawnNode(script('ends.js', 'console.log("port", process.env.PORT); console.error("bad"); process.exitCode = 3'), { env: { PORT: '7' } });
    await expect(child.exited).resolves.toEqual({ code: 3, signal: null });
    expect([child.stdout(), child.stderr()]).toEqual(['port 7\n', 'bad\n']);
  });

  it('tells at once that a process ended without the awaited output', async () => {
    const child = spawnNode(script('silent.js', 'console.error("no licence")'));
    await expect(child.waitForOutput(/listening/)).rejects.toThrow(/no licence[^]*has ended/);
  });

  it('ends a process together with what it started', async () => {
    const parent = script('parent.js', 'const c = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]); console.log("child", c.pid); setInterval(() => {}, 1000)');
    const child = spawnNode(parent);
    const grandchild = Number((await child.waitForOutput(/child (\d+)/))[1]);
    killTree(child.pid);
    await expect(child.exited).resolves.toEqual({ code: null, signal: 'SIGKILL' });
    await waitFor(() => isGone(grandchild), { message: 'the grandchild is gone' });
  });
});

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return true;
  }
}
