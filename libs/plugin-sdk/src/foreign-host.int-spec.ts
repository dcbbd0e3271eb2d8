import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

// A compiler and real processes on a busy machine.
jest.setTimeout(240_000);

const SOURCE = resolve(__dirname, '../foreign-host');
const ECHO = resolve(__dirname, '../../../examples/plugins/echo-endpoint/dist/main.js');
const PRINTING = resolve(__dirname, '../dist/testing/busy-plugin.js');
const goIsMissing = spawnSync('go', ['version']).status !== 0;
const folder = mkdtempSync(join(tmpdir(), 'slf-'));
const foreignHost = join(folder, 'foreign-host');

interface Report {
  stream_body: string;
  manifest: string;
  config_manifest: string;
  unary: string;
  killed_in_ms: number;
  stderr: string;
  stdout: string;
}

async function drive(...parts: string[]): Promise<Report> {
  const { stdout } = await promisify(execFile)(foreignHost, ['-node', process.execPath, ...parts], { timeout: 120_000 });
  return JSON.parse(stdout) as Report;
}

beforeAll(async () => {
  if (goIsMissing) return;
  for (const file of [ECHO, PRINTING]) {
    if (!existsSync(file)) throw new Error(`${file} is missing: build the workspace first (npm run build).`);
  }
  await promisify(execFile)('go', ['build', '-o', foreignHost, '.'], { cwd: SOURCE, timeout: 200_000 });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

(goIsMissing ? describe.skip : describe)('a plugin under a host in Go on hashicorp/go-plugin', () => {
  it.each([
    ['without AutoMTLS', []],
    ['with AutoMTLS', ['-mtls']],
  ])('works without a change, %s', async (_, flags) => {
    const report = await drive(...flags, ECHO);
    expect(report).toMatchObject({
      protocol: 'grpc',
      network: 'unix',
      healthy: true,
      endpoints: expect.any(Number),
      reflected: expect.arrayContaining(['plugin.PluginService/Initialize', 'plugin.GRPCBroker/StartStream', 'grpc.health.v1.Health/Check', 'config_provider.ConfigProviderService/Ping']),
      stream_types: ['HEADERS', 'BODY', 'BODY', 'BODY', 'DONE'],
      cancelled: expect.stringContaining('"cancelled":1'),
      unary_error: expect.stringContaining('code = Unknown desc = echo failed on purpose'),
      stored: 'kept by a foreign host',
      read_back: 'kept by a foreign host',
      callers: [77],
      session_open: true,
      close_reason: 'EXPLICIT_CLOSE',
      process_gone: true,
      socket_gone: true,
    });
    expect(report).not.toHaveProperty('error');
    expect(JSON.parse(report.manifest)).toMatchObject({ id: 'com.example.echo-endpoint' });
    expect(report.config_manifest).toBe(report.manifest);
    expect(JSON.parse(report.unary)).toMatchObject({
      method: 'POST',
      relative_path: '/hello/there',
      body: 'a body',
      content: 'from a foreign host',
      runtime: 'gateway',
      context: { request_id: 'foreign-request' },
    });
    expect([...report.stream_body.matchAll(/"n":(\d)/g)].map(([, n]) => n)).toEqual(['0', '1', '2']);
    // hclog's fields, each line one object, so that a host on go-plugin shows level and message.
    const lines = report.stderr.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toContainEqual(expect.objectContaining({ '@level': 'info', '@message': 'The echo is ready.' }));
    // Killed by force only after 2 s.
    expect(report.killed_in_ms).toBeLessThan(1_900);
  });

  it.each([
    ['without AutoMTLS', []],
    ['with AutoMTLS', ['-mtls']],
  ])('is heard on stdout, %s', async (_, flags) => {
    const report = await drive(...flags, '-print', '/print/3', '-printed', 'line 2 ', PRINTING);
    expect(report.stdout).toMatch(/^line 0 x+\nline 1 x+\nline 2 x+\n$/);
    expect(report.stderr).toContain('printed before the handshake');
    expect(report).toMatchObject({ process_gone: true, socket_gone: true });
  });
});
