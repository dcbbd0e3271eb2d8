// Lints proto/ and refuses a change that would break a plugin that is already compiled.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { root, runBuf } from './buf.mjs';

const faults = [lint(), breaking()].filter((output) => output !== undefined);
for (const output of faults) console.error(output);
process.exitCode = faults.length === 0 ? 0 : 1;

function lint() {
  const { status, output } = runBuf(['lint']);
  if (status !== 0) return `${output}\nproto: buf lint found faults`;
  console.log('proto: lint passed');
  return undefined;
}

function breaking() {
  const base = findBase();
  if ('why' in base) {
    console.log(`proto: not compared with an earlier state: ${base.why}`);
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), 'sluice-proto-'));
  try {
    const archive = join(folder, 'base.tar');
    if (git('archive', '--format=tar', `--output=${archive}`, base.commit, '--', 'proto') === undefined) return `proto: git could not read proto/ of ${base.name}`;
    const { status, output } = runBuf(['breaking', '--against', `${archive}#format=tar,subdir=proto`]);
    if (status !== 0) return `${output}\nproto: this change breaks what stands on ${base.name}`;
    console.log(`proto: nothing is broken against ${base.name}`);
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Where this branch left main; on main itself the commit before. Where there is nothing to compare with, why. */
function findBase() {
  if (git('--version') === undefined) return { why: 'git is not installed' };
  const head = git('rev-parse', 'HEAD');
  if (head === undefined) return { why: 'this is no git checkout with a commit' };
  const main = ['origin/main', 'main'].find((name) => git('rev-parse', '--verify', '--quiet', `${name}^{commit}`));
  const fork = main && git('merge-base', 'HEAD', main);
  const [name, commit] = fork && fork !== head ? [main, fork] : ['the previous commit', git('rev-parse', '--verify', '--quiet', 'HEAD~1^{commit}')];
  if (!commit) return { why: 'there is no earlier commit' };
  return git('cat-file', '-e', `${commit}:proto/buf.yaml`) === undefined ? { why: `${name} has no proto/ yet` } : { name, commit };
}

/** What git printed; undefined when it failed. */
function git(...args) {
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
