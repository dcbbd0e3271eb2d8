/** A generated page of the documentation: written, or with --check compared with what is committed. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

export function writeOrCheck(path, text, command) {
  const file = join(root, path);
  if (!process.argv.includes('--check')) {
    writeFileSync(file, text);
    console.log(`Wrote ${path}.`);
    return;
  }
  if (existsSync(file) && readFileSync(file, 'utf8') === text) {
    console.log(`${path} is fresh.`);
    return;
  }
  console.error(`${path} is not what the code says. Run \`${command}\` and commit the result.`);
  process.exit(1);
}

/** Text for a cell of a Markdown table. */
export const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
