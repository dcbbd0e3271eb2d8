// Generates libs/contracts/src/generated from proto/. With --check it only says whether the committed files are fresh.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { tmpdir } from 'node:os';
import { generatedFolder, root, runBuf } from './buf.mjs';
import { writeDescriptors } from './descriptors.mjs';

process.exitCode = process.argv.includes('--check') ? check() : generate();

function generate() {
  const fault = generateInto(generatedFolder, []);
  if (fault !== undefined) return fail(fault);
  console.log(`proto: generated ${listFiles(generatedFolder).length} files in ${relative(root, generatedFolder)}`);
  return 0;
}

function check() {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-proto-'));
  const freshFolder = join(folder, relative(root, generatedFolder));
  try {
    // The template's `out` is relative to proto/, so the copy needs a folder of the same depth.
    const fault = generateInto(freshFolder, ['--output', join(folder, 'proto')]);
    if (fault !== undefined) return fail(fault);
    const stale = differences(generatedFolder, freshFolder);
    if (stale.length === 0) {
      console.log('proto: the generated files are fresh');
      return 0;
    }
    return fail(`${stale.join('\n')}\nproto: ${stale.length} generated files do not fit the .proto files: run \`npm run proto\` and commit them`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What went wrong, or undefined. */
function generateInto(folder, bufOptions) {
  const { status, output } = runBuf(['generate', ...bufOptions]);
  return status === 0 ? writeDescriptors(folder) : output;
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
