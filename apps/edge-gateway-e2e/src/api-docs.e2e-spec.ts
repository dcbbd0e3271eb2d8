import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from './stack/stack';

jest.setTimeout(90_000);

const browser = ['chromium', 'chromium-browser', 'google-chrome'].find((name) => spawnSync(name, ['--version']).status === 0);
const inBrowser = browser ? it : it.skip;
let stack: Stack;

beforeAll(async () => {
  stack = await Stack.start();
});
afterAll(() => stack?.close());

it('describes every route in OpenAPI 3.1', async () => {
  const document = (await (await stack.api.send('GET', '/api/v1/openapi.json')).json()) as { openapi: string; paths: Record<string, Record<string, unknown>> };
  expect(document.openapi).toMatch(/^3\.1\./);
  for (const [path, method] of [
    ['/api/v1/plugins', 'post'],
    ['/api/v1/plugins/{id}/approve-scopes', 'post'],
    ['/api/v1/plugins/{id}/status', 'get'],
    ['/api/v1/apps/{id}/tokens', 'post'],
    ['/api/v1/gateways', 'get'],
    ['/api/v1/auth/login', 'post'],
  ] as const) {
    expect(document.paths[path]).toHaveProperty(method);
  }
});

inBrowser('shows the API on a page (needs Chromium)', async () => {
  const profile = mkdtempSync(join(tmpdir(), 'sl-chromium-'));
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', `--user-data-dir=${profile}`];
  const { stdout } = await promisify(execFile)(browser!, [...flags, '--virtual-time-budget=5000', '--dump-dom', `${stack.studioUrl}/api/docs`], { maxBuffer: 1 << 26, timeout: 60_000 });
  rmSync(profile, { recursive: true, force: true });
  expect(stdout).toContain('/api/v1/plugins/{id}/approve-scopes');
  expect(stdout).toContain('Register a plugin');
});
