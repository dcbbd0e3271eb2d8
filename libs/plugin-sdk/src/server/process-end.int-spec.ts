import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { answer, eventually, RawHost } from '../testing/raw-host';

// Real processes on a busy machine.
jest.setTimeout(60_000);

let host: RawHost;
afterEach(() => host.close());

describe('the end of a plugin process', () => {
  it('comes when the host says so over GRPCController', async () => {
    host = RawHost.spawn('busy-plugin');
    const controller = await host.controller();
    await answer((done) => controller.shutdown({}, done));
    expect(await host.exited).toEqual({ code: 0, signal: null });
    expect(readdirSync(host.folder)).toEqual([]);
  });

  it('comes after Shutdown, which runs the shutdown of the plugin', async () => {
    host = RawHost.spawn('busy-plugin');
    const client = await host.plugin();
    expect(await answer((done) => client.shutdown({ timeoutSeconds: 5n }, done))).toEqual({ success: true });
    expect(await host.exited).toEqual({ code: 0, signal: null });
    expect(host.stderrLines).toContain('shutdown was called');
  });

  it('comes with SIGTERM, after the shutdown of the plugin, and not with SIGINT', async () => {
    host = RawHost.spawn('busy-plugin');
    await host.handshake();
    host.child.kill('SIGINT');
    expect(await host.get('/ok')).toBe('ok');
    host.child.kill('SIGTERM');
    expect(await host.exited).toEqual({ code: 0, signal: null });
    expect(host.stderrLines).toContain('shutdown was called');
  });

  it('comes when its host was killed', async () => {
    host = RawHost.spawn('bare-plugin');
    const entry = resolve(__dirname, '../../dist/testing/busy-plugin.js');
    // A host that starts the plugin, tells its pid, and is killed.
    const script = `
      const child = require('node:child_process').spawn(process.execPath, [${JSON.stringify(entry)}], { stdio: ['ignore', 'pipe', 'pipe'] });
      child.stdout.once('data', () => console.log(child.pid));
      setInterval(() => undefined, 1000);`;
    const parent = spawn(process.execPath, ['-e', script], {
      env: { PATH: process.env['PATH'], AI_STUDIO_PLUGIN: 'v1', PLUGIN_UNIX_SOCKET_DIR: host.folder },
    });
    const pid = await new Promise<number>((done) => parent.stdout.once('data', (text: Buffer) => done(Number(text.toString()))));
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await eventually(() => !isAlive(pid));
  });
});

/** A process that has ended and that nobody has waited for yet is a zombie: it counts as ended. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = join('/proc', String(pid), 'stat');
  return !existsSync(stat) || !/\) Z /.test(readFileSync(stat, 'utf8'));
}
