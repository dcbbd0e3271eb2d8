import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { freePort } from './free-port';
import { waitFor } from './wait-for';

const MODULE = 'github.com/Shopify/toxiproxy/v2/cmd/server@v2.12.0';

/** Ends the server when its standard input closes: a test that is killed leaves none behind. */
const WITH_PARENT = '"$@" >/dev/null 2>&1 & pid=$!; cat >/dev/null; kill $pid';

/** Whether a Toxiproxy can be had here: its server is installed, or Go is, which builds it. */
export function isToxiproxyMissing(): boolean {
  return !isInstalled('toxiproxy-server', '-version') && !isInstalled('go', 'version');
}

/** A Toxiproxy server: TCP proxies whose connections can be cut, silenced and slowed down. See https://github.com/Shopify/toxiproxy. */
export class Toxiproxy {
  private constructor(
    private readonly process: ChildProcess,
    private readonly folder: string,
    private readonly api: string,
  ) {}

  /** Takes the server that is installed, or builds it with Go: half a minute the first time, a second when Go has it in its cache. */
  static async start(): Promise<Toxiproxy> {
    const folder = mkdtempSync(join(tmpdir(), 'sl-toxiproxy-'));
    try {
      const server = isInstalled('toxiproxy-server', '-version') ? 'toxiproxy-server' : await build(folder);
      const port = await freePort();
      const child = spawn('/bin/sh', ['-c', WITH_PARENT, 'sh', server, '-host', '127.0.0.1', '-port', String(port)], { stdio: ['pipe', 'ignore', 'ignore'] });
      const toxiproxy = new Toxiproxy(child, folder, `http://127.0.0.1:${port}`);
      await waitFor(async () => (await fetch(`${toxiproxy.api}/version`)).ok, { timeoutMs: 30_000, message: 'Toxiproxy answers' });
      return toxiproxy;
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** A proxy on a free port in front of `127.0.0.1:upstreamPort`, which need not listen yet. */
  async proxy(name: string, upstreamPort: number): Promise<FaultProxy> {
    const { listen } = (await this.send('POST', '/proxies', { name, listen: '127.0.0.1:0', upstream: `127.0.0.1:${upstreamPort}`, enabled: true })) as { listen: string };
    return new FaultProxy(name, Number(listen.slice(listen.lastIndexOf(':') + 1)), (method, path, body) => this.send(method, `/proxies/${name}${path}`, body));
  }

  async close(): Promise<void> {
    this.process.stdin?.end();
    await new Promise((resolve) => (this.process.exitCode === null ? this.process.once('exit', resolve) : resolve(undefined)));
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async send(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(this.api + path, { method, body: body && JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`Toxiproxy answered ${answer.status} to ${method} ${path}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }
}

/** One of its proxies. */
export class FaultProxy {
  private readonly toxics = new Set<string>();

  constructor(
    readonly name: string,
    readonly port: number,
    private readonly send: (method: string, path: string, body?: object) => Promise<unknown>,
  ) {}

  /** Ends every connection and refuses new ones. */
  async cut(): Promise<void> {
    await this.send('POST', '', { enabled: false });
  }

  /** Connections stay and are taken, and nothing comes through in either direction; it is lost. */
  async silence(): Promise<void> {
    await this.add('up', 'timeout', 'upstream', { timeout: 0 });
    await this.add('down', 'timeout', 'downstream', { timeout: 0 });
  }

  /** Ends every connection; new ones are taken at once. */
  async reset(): Promise<void> {
    await this.send('POST', '', { enabled: false });
    await this.send('POST', '', { enabled: true });
  }

  /** Everything arrives this much later, give or take the jitter; milliseconds. */
  async delay(latency: number, jitter = 0): Promise<void> {
    await this.add('late', 'latency', 'downstream', { latency, jitter });
  }

  /** Kilobytes a second that arrive at whoever connected. */
  async throttle(rate: number): Promise<void> {
    await this.add('narrow', 'bandwidth', 'downstream', { rate });
  }

  /** As it was at first. Connections that were silenced end: what was lost on them is missing. */
  async mend(): Promise<void> {
    const silenced = this.toxics.has('up');
    for (const name of this.toxics) await this.send('DELETE', `/toxics/${name}`);
    this.toxics.clear();
    if (silenced) await this.send('POST', '', { enabled: false });
    await this.send('POST', '', { enabled: true });
  }

  /** Ends it with its connections; its name and its port are free again. */
  async remove(): Promise<void> {
    await this.send('DELETE', '');
  }

  private async add(name: string, type: string, stream: 'upstream' | 'downstream', attributes: object): Promise<void> {
    await this.send('POST', '/toxics', { name, type, stream, toxicity: 1, attributes });
    this.toxics.add(name);
  }
}

async function build(folder: string): Promise<string> {
  await promisify(execFile)('go', ['install', MODULE], { env: { ...process.env, GOBIN: folder }, timeout: 300_000 });
  return join(folder, 'server');
}

function isInstalled(program: string, argument: string): boolean {
  return spawnSync(program, [argument]).status === 0;
}
