import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { commandsOf } from './commands';


jest.setTimeout(180_000);

/** What the pages use beside Node; on a machine without them the pages are skipped, by name. */
const missing = ['bash', 'curl'].filter((program) => spawnSync(program, ['--version']).status !== 0);
const page = missing.length === 0 ? it : it.skip;
const note = missing.length === 0 ? '' : ` (needs ${missing.join(' and ')})`;

const root = join(__dirname, '../..');
const run = promisify(execFile);
const data = mkdtempSync(join(tmpdir(), 'sluice-docs-'));
let demo: ChildProcess;
let environment: NodeJS.ProcessEnv;

/** The demo as a reader starts it, but for its ports and its folder, so that it can run beside theirs. */
beforeAll(async () => {
  if (missing.length > 0) return;
  const { DATABASE_URL: _, REDIS_URL: __, ...inherited } = process.env;
  demo = spawn(process.execPath, ['tools/start.mjs', '--data', data], { cwd: root, env: { ...inherited, STUDIO_PORT: '0', STUDIO_GRPC_PORT: '0', GATEWAY_PORT: '0' } });
  let output = '';
  const collect = (chunk: Buffer) => (output += chunk.toString());
  demo.stdout!.on('data', collect);
  demo.stderr!.on('data', collect);
  await new Promise<void>((resolve, reject) => {
    demo.stdout!.on('data', () => output.includes('Ctrl-C ends it') && resolve());
    demo.once('exit', () => reject(new Error(output)));
  });
  const exported = [...output.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value] as const);
  environment = { ...inherited, ...Object.fromEntries(exported) };
});

const ownPlugin = join(root, 'examples/plugins/my-plugin');

afterAll(async () => {
  if (missing.length > 0) return;
  rmSync(ownPlugin, { recursive: true, force: true });
  const ended = new Promise((resolve) => demo.once('exit', resolve));
  demo.kill('SIGINT');
  await ended;
  rmSync(data, { recursive: true, force: true });
});

/** Runs a page's commands in one shell after the other, each with the variables that those before it set. */
async function follow(file: string): Promise<void> {
  for (const { command, expected } of commandsOf(readFileSync(join(root, file), 'utf8'))) {
    // The launchers themselves run around this test.
    if (/^npm (start|test)$/m.test(command)) continue;
    const { stdout } = await run('bash', ['-ec', `set -a\n${command}\nprintf '\\n@@@\\n'\nenv -0`], { cwd: root, env: environment });
    const [printed, variables] = stdout.split('\n@@@\n') as [string, string];
    for (const line of expected) expect({ command, printed }).toEqual({ command, printed: expect.stringContaining(line) });
    environment = Object.fromEntries(variables.split('\0').flatMap((entry) => (entry.includes('=') ? [[entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]] : [])));
  }
}

page(`the author's quickstart ends with a plugin of the reader's own on the gateway${note}`, () => follow('docs/authors/quickstart.md'));

it('the page of the plugin protocol shows how to test a plugin', () => follow('docs/plugin-protocol.md'));

// Last, because it ends with a studio that was killed.
page(`the tour of the README works word by word${note}`, () => follow('README.md'));
