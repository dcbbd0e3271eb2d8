import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const protoFolder = join(root, 'proto');
export const generatedFolder = join(root, 'libs/contracts/src/generated');

const buf = createRequire(import.meta.url).resolve('@bufbuild/buf/bin/buf');

/** Runs buf in proto/. Gives its exit code and everything it printed. */
export function runBuf(args) {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [buf, ...args], { cwd: protoFolder, encoding: 'utf8' });
  if (error) throw error;
  return { status: status ?? 1, output: `${stdout}${stderr}`.trim() };
}
