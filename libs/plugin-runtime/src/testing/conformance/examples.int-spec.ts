import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { TransportChoice } from '../../connect/transport';
import { RemoteEcho } from '../../remote/testing/remote-echo';
import { TaskPool } from '../task-pool';
import { runConformance } from './run-conformance';
import type { Samples } from './subject/samples';

// Real processes on a busy machine; building one may take its time.
jest.setTimeout(600_000);

const EXAMPLES = resolve(__dirname, '../../../../../examples/plugins');
const built = mkdtempSync(join(tmpdir(), 'slb-'));
const goIsMissing = spawnSync('go', ['version']).status !== 0;

// They mostly wait, so they do it side by side.
const pool = new TaskPool(3);

beforeAll(() => pool.start());
afterAll(async () => {
  await pool.end();
  rmSync(built, { recursive: true, force: true });
});

/** Why a check may be skipped of a plugin that the kit starts itself. */
const DECLARED = ['the manifest declares it', 'the manifest does not declare it'];

/** Paths of the echo. */
const ECHO = { stream: '/stream?count=0&interval_ms=0&bytes=65536', service: '/apps' };

async function expectConformance(target: string, reasons = DECLARED, atLeast = 80, samples: Samples = ECHO, transport: TransportChoice = 'auto'): Promise<void> {
  const report = await runConformance({ target, samples, transport, timeoutMs: 60_000 });
  expect(report.results.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  expect(report.passed).toBeGreaterThan(atLeast);
  const skipped = new Set(report.results.filter(({ outcome }) => outcome === 'skipped').map(({ reason }) => reason));
  expect([...skipped].sort()).toEqual([...reasons].sort());
}

const inTypeScript = pool.add(() => expectConformance(join(EXAMPLES, 'echo-endpoint/dist/main.js')));

const inTypeScriptOverGrpcJs = pool.add(() => expectConformance(join(EXAMPLES, 'echo-endpoint/dist/main.js'), DECLARED, 80, ECHO, 'grpc-js'));

const objectHooks = pool.add(() =>
  expectConformance(join(EXAMPLES, 'object-hook/dist/main.js'), [...DECLARED, 'the manifest asks for nothing of the Service API', 'the manifest does not declare custom_endpoint'], 60, {}),
);

const ON_GATEWAYS = [...DECLARED, 'its hooks are served in one runtime only'];
const NO_STREAM = [...ON_GATEWAYS, 'the plugin registers no endpoint that streams', 'the plugin registers nothing that HandleEndpointRequestStream could be asked for'];

const mcpServer = pool.add(() =>
  expectConformance(join(EXAMPLES, 'mcp-server/dist/main.js'), [...ON_GATEWAYS, 'the plugin registers nothing that HandleEndpointRequest could be asked for'], 80, {}),
);

const webhookReceiver = pool.add(() => expectConformance(join(EXAMPLES, 'webhook-receiver/dist/main.js'), NO_STREAM, 75, {}));

const oauthProvider = pool.add(() => expectConformance(join(EXAMPLES, 'oauth-provider/dist/main.js'), NO_STREAM, 75, {}));

const elsewhere = pool.add(async () => {
  const remote = await RemoteEcho.start();
  try {
    const unseen = ['does not end it', 'does not see its output', 'does not start it'].map((what) => `the plugin runs elsewhere; the kit ${what}`);
    await expectConformance(remote.command, [...DECLARED, ...unseen, 'the figures of its process cannot be read from here'], 60);
  } finally {
    await remote.end();
  }
});

const inGo = pool.add(async () => {
  if (goIsMissing) return;
  const binary = join(built, 'go-echo');
  await promisify(execFile)('go', ['build', '-o', binary, '.'], { cwd: join(EXAMPLES, 'go-echo') });
  await expectConformance(binary);
  await expectConformance(binary, DECLARED, 80, ECHO, 'grpc-js');
});

describe('the examples keep every rule of the protocol', () => {
  it('echo in TypeScript', inTypeScript);
  it('echo in TypeScript, called over @grpc/grpc-js', inTypeScriptOverGrpcJs);
  it('object hooks in TypeScript', objectHooks);
  it('an MCP server', mcpServer);
  it('a webhook receiver', webhookReceiver);
  it('an OpenID provider', oauthProvider);
  it('echo in TypeScript, run by somebody else', elsewhere);
  (goIsMissing ? it.skip : it)(`echo in Go, called over each transport${goIsMissing ? ' (skipped: there is no go on this machine)' : ''}`, inGo);
});
