import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { waitFor } from '@sluice/testing';
import { repository } from './stack/repository';
import { Stack } from './stack/stack';
import { writePlugin } from './stack/written-plugin';

jest.setTimeout(120_000);

interface ProcessStatus {
  state: string;
  reason: string;
  restarts: number;
  last_exit?: { code: number | null; signal: string | null } | null;
  exit_signal?: string;
  last_log_lines: string[];
}

let stack: Stack;
let folder: string;

beforeAll(async () => {
  stack = await Stack.start();
  folder = mkdtempSync(join(tmpdir(), 'sl-faulty-'));
  await stack.echo('bystander');
});
afterAll(async () => {
  await stack?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function gatewayStatus(pluginId: number): Promise<ProcessStatus> {
  const status = await stack.api.call<{ gateways: ProcessStatus[] }>('GET', `/api/v1/plugins/${pluginId}/status`);
  return status.gateways[0]!;
}

describe('a plugin that is killed under load', () => {
  it('loses only the requests in flight, is back within two seconds, and the studio shows how it ended', async () => {
    const id = await stack.echo('victim');
    const { pid } = (await (await stack.get('/plugins/victim/x')).json()) as { pid: number };
    const outcomes: { status: number; at: number }[] = [];
    let stop = false;
    const traffic = Array.from({ length: 10 }, async () => {
      while (!stop) {
        const response = await stack.get('/plugins/victim/sleep/5');
        outcomes.push({ status: response.status, at: performance.now() });
        await response.arrayBuffer();
        if (response.status === 503) await new Promise((resolve) => setTimeout(resolve, 20));
      }
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const killedAt = performance.now();
    process.kill(pid, 'SIGKILL');
    await waitFor(() => outcomes.some((outcome) => outcome.at > killedAt + 100 && outcome.status === 200), { timeoutMs: 5_000, message: 'the plugin is back' });
    const backAt = outcomes.find((outcome) => outcome.at > killedAt + 100 && outcome.status === 200)!.at;
    stop = true;
    await Promise.all(traffic);

    expect(backAt - killedAt).toBeLessThan(2_000);
    expect(outcomes.filter((outcome) => outcome.status === 502).length).toBeLessThanOrEqual(10);
    expect(new Set(outcomes.map((outcome) => outcome.status))).toEqual(new Set([200, 502, 503]));
    expect((await stack.get('/plugins/bystander/x')).status).toBe(200);
    await waitFor(async () => JSON.stringify(await gatewayStatus(id)).includes('SIGKILL'), { timeoutMs: 10_000, message: 'the studio shows the signal' });
  });

  it('shows its last log lines', async () => {
    const id = await stack.echo('crasher');
    expect((await stack.get('/plugins/crasher/crash')).status).toBe(502);
    await waitFor(async () => JSON.stringify((await gatewayStatus(id)).last_log_lines).includes('panic: crashed on purpose'), { timeoutMs: 10_000, message: 'the studio shows the last log lines' });
  });
});

/** Every fault of the faulty plugin that keeps it from serving, with the reason that the studio then shows. */
const faults = [
  { fault: 'garbage', reason: 'The first line that the plugin printed is not a go-plugin handshake: "Welcome to my plugin!".' },
  { fault: 'garbage-and-exit', reason: 'The first line that the plugin printed is not a go-plugin handshake: "Welcome to my plugin!"; it ended with exit code 4.' },
  { fault: 'exit-at-once', reason: 'The plugin ended before the handshake with exit code 3.' },
  { fault: 'hang-in-handshake', reason: 'The plugin did not print its handshake within 60 s.' },
  { fault: 'no-line-end', reason: 'The plugin did not print its handshake within 60 s, only "starting".' },
  { fault: 'wrong-protocol-version', reason: 'The plugin speaks plugin protocol version "9"; this host offers version 1.' },
  { fault: 'socket-that-nobody-serves', reason: 'The plugin did not accept a connection within 10 s of its handshake.' },
  { fault: 'unhealthy', reason: 'The plugin did not say within 10 s that it is healthy.' },
  { fault: 'unhealthy-after-initialize', reason: 'The plugin did not say within 5 s after Initialize that it is healthy.' },
  { fault: 'hang-in-initialize', reason: 'The plugin did not answer Initialize within 30 s.' },
  { fault: 'refuse-initialize', reason: 'The plugin refused to initialise: "api_key is required".' },
  { fault: 'error-in-initialize', reason: 'Initialize failed in the plugin: "no such table".' },
  { fault: 'exit-in-initialize', reason: 'The plugin ended during Initialize with exit code 5.' },
  { fault: 'fail-endpoints', reason: 'The plugin did not say which endpoints it serves: I do not know.' },
  { fault: 'exit-after-ready', reason: 'The plugin ended with exit code 6.' },
  { fault: 'panic-after-ready', reason: 'The plugin ended with exit code 2.' },
  { fault: 'stop-answering-health', reason: 'The plugin did not answer three health checks in a row and was ended.' },
];

describe('faults of plugins', () => {
  const ids = new Map<string, number>();
  const seen = new Map<string, Set<string>>(faults.map(({ fault }) => [fault, new Set<string>()]));

  beforeAll(async () => {
    await Promise.all(faults.map(async ({ fault }) => ids.set(fault, await registered(fault))));
  });

  /** The studio reads the manifest of a plugin that is well; on the gateway the same file has the fault. */
  async function registered(fault: string): Promise<number> {
    const directory = join(folder, fault);
    const entry = join(directory, 'main.js');
    const faulty = JSON.stringify(join(repository, 'libs/plugin-runtime/src/testing/faulty-plugin-process.js'));
    mkdirSync(directory);
    writeFileSync(entry, `require(${faulty}).run(process.env.PLUGIN_RUNTIME === 'studio' ? 'none' : ${JSON.stringify(fault)});\n`);
    const { id } = await stack.api.call<{ id: number }>('POST', '/api/v1/plugins', { name: fault, command: pathToFileURL(entry).href, config: { slug: fault } });
    return id;
  }

  it.each(faults)('$fault: the studio shows its reason, the gateway answers 503, and no other plugin notices', async ({ fault, reason }) => {
    // What it shows meanwhile is the reason of the attempt before, or none.
    await waitFor(
      async () => {
        const shown = (await gatewayStatus(ids.get(fault)!)).reason;
        seen.get(fault)!.add(shown);
        return shown === reason;
      },
      { timeoutMs: 110_000, intervalMs: 200, message: () => `the studio shows ${reason} for ${fault}; it showed ${JSON.stringify([...seen.get(fault)!])}` },
    );
    if (!/^The plugin (ended with|did not answer three)/.test(reason)) expect((await stack.get(`/plugins/${fault}/x`)).status).toBe(503);
    expect((await stack.get('/plugins/bystander/x')).status).toBe(200);
  });

  it('gives each fault a reason of its own', () => {
    expect(new Set(faults.map(({ reason }) => reason)).size).toBe(faults.length);
  });
});

describe('a plugin that is made for a later gateway', () => {
  it('is registered, does not start on this one, and the studio shows why', async () => {
    const command = writePlugin(folder, 'later', `endpoints() { return [{ path: '/*', methods: ['GET'] }]; }`, { compat: { min_gateway_version: '7.0.0' } });
    const { id } = await stack.api.call<{ id: number }>('POST', '/api/v1/plugins', { name: 'later', command, config: { slug: 'later' } });
    const reason = 'The plugin does not fit this host: The plugin needs a Sluice gateway >=7.0.0; this is 0.1.0.';
    await waitFor(async () => (await gatewayStatus(id))?.reason === reason, { timeoutMs: 60_000, message: 'the studio shows that the plugin does not fit' });
    expect((await stack.get('/plugins/later/x')).status).toBe(503);
    expect((await stack.get('/plugins/bystander/x')).status).toBe(200);
  });
});

describe('a plugin that cannot be read', () => {
  it('is refused when it is registered like that', async () => {
    const entry = join(folder, 'never-healthy.js');
    writeFileSync(entry, `console.error('no licence file'); process.exit(3);`);
    const response = await stack.api.send('POST', '/api/v1/plugins', { name: 'never', command: pathToFileURL(entry).href, config: { slug: 'never' } });
    expect(response.status).toBe(400);
    expect(JSON.stringify(await response.json())).toMatch(/no licence file/);
  });
});
