/** Installs and builds when needed. Nothing here may import a package: there may be none yet. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { say } from './say.mjs';

export const root = join(import.meta.dirname, '..', '..');
const stampFile = join(root, 'node_modules', '.sluice-installed');

function run(command, args, environment = {}) {
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8', env: { ...process.env, ...environment }, maxBuffer: 1 << 26 });
  if (result.status !== 0) {
    console.error(`${result.stdout ?? ''}${result.stderr ?? ''}${result.error ? `${result.error.message}\n` : ''}`);
    throw new Error(`\`${command} ${args.join(' ')}\` failed, see above.`);
  }
}

/** Checks the Node version and installs the packages when node_modules is missing or was installed from another lock file. */
export function install() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) throw new Error(`Node ${process.versions.node} is too old; install Node 20.19 or newer.`);
  const lock = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === lock) return;
  say('installing packages (npm ci)…');
  // No package of the set needs its install script, and some would want a compiler.
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stampFile, lock);
}

/** Compiles every project; Nx skips what has not changed. */
export function build() {
  say('building…');
  run(process.execPath, [join(root, 'node_modules/nx/dist/bin/nx.js'), 'run-many', '-t', 'build', '--output-style=static'], { NX_DAEMON: 'false', NX_TUI: 'false' });
}
