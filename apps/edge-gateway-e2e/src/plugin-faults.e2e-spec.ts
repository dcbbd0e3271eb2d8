import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { waitFor } from '@sluice/testing';
import { repository } from './stack/repository';
import { pluginSource } from './stack/written-plugin';
import { Stack } from './stack/stack';

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

const faults = [
  { slug: 'garbage', source: `console.log('Welcome to my plugin'); setInterval(() => {}, 1000);`, reason: /Welcome to my plugin/ },
  { slug: 'exits-at-once', source: `console.error('no licence file'); process.exit(3);`, reason: /code 3/ },
  { slug: 'hangs-in-handshake', source: `setInterval(() => {}, 1000);`, reason: /handshake/ },
  { slug: 'hangs-in-initialize', source: pluginSource('initialize() { return new Promise(() => {}); }'), reason: /Initialize/ },
  { slug: 'refuses', source: pluginSource(`initialize() { throw new Error('webhook_secret is required'); }`), reason: /webhook_secret is required/ },
];

describe('plugins that do not start', () => {
  const ids = new Map<string, number>();

  beforeAll(async () => {
    await Promise.all(faults.map(async ({ slug, source }) => ids.set(slug, await healthyUntilRegistered(slug, source))));
  });

  /** The studio reads the manifest of a healthy plugin; its file is then replaced and its process ended. */
  async function healthyUntilRegistered(slug: string, source: string): Promise<number> {
    const directory = join(folder, slug);
    cpSync(join(repository, 'examples/plugins/echo-endpoint/dist'), directory, { recursive: true });
    const entry = join(directory, 'main.js');
    writeFileSync(entry, `require(${JSON.stringify(join(repository, 'examples/plugins/echo-endpoint/dist/main.js'))});\n`);
    const id = await stack.echo(slug, {}, pathToFileURL(entry).href);
    writeFileSync(entry, source);
    process.kill(((await (await stack.get(`/plugins/${slug}/x`)).json()) as { pid: number }).pid, 'SIGKILL');
    return id;
  }

  it.each(faults)('$slug: the studio shows why, the gateway answers 503, and no other plugin notices', async ({ slug, reason }) => {
    await waitFor(async () => reason.test((await gatewayStatus(ids.get(slug)!)).reason), {
      timeoutMs: 100_000,
      intervalMs: 200,
      message: () => `the studio shows ${reason} for ${slug}`,
    });
    expect((await stack.get(`/plugins/${slug}/x`)).status).toBe(503);
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
