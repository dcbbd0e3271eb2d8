// Generates libs/contracts/src/generated from proto/. With --check it only says whether the committed files are fresh.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { tmpdir } from 'node:os';
import { generatedFolder, root, runBuf } from './buf.mjs';

process.exitCode = process.argv.includes('--check') ? check() : generate();

function generate() {
  const { status, output } = runBuf(['generate']);
  if (status !== 0) return fail(output);
  console.log(`proto: generated ${listFiles(generatedFolder).length} files in ${relative(root, generatedFolder)}`);
  return 0;
}

function check() {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-proto-'));
  try {
    // The template's `out` is relative to proto/, so the copy needs a folder of the same depth.
    const { status, output } = runBuf(['generate', '--output', join(folder, 'proto')]);
    if (status !== 0) return fail(output);
    const stale = differences(generatedFolder, join(folder, relative(root, generatedFolder)));
    if (stale.length === 0) {
      console.log('proto: the generated files are fresh');
      return 0;
    }
    return fail(`${stale.join('\n')}\nproto: ${stale.length} generated files do not fit the .proto files: run \`npm run proto\` and commit them`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One line for each file that is missing, left over or different. */
function differences(committedFolder, freshFolder) {
  const committed = new Set(listFiles(committedFolder));
  const fresh = new Set(listFiles(freshFolder));
  const name = (file) => relative(root, join(committedFolder, file)).split(sep).join('/');
  const missing = [...fresh].filter((file) => !committed.has(file)).map((file) => `missing: ${name(file)}`);
  const leftOver = [...committed].filter((file) => !fresh.has(file)).map((file) => `left over: ${name(file)}`);
  const stale = [...fresh]
    .filter((file) => committed.has(file) && !readFileSync(join(committedFolder, file)).equals(readFileSync(join(freshFolder, file))))
    .map((file) => `stale: ${name(file)}`);
  return [...missing, ...leftOver, ...stale].sort();
}

function listFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}

function fail(output) {
  console.error(output);
  return 1;
}
