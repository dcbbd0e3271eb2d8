/** Small JSON files that outlive a launcher, whenever it is killed. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** What was kept; undefined when there is nothing. */
export function readKept(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw new Error(`${file} cannot be read (${error.message}). Move it away to start without it.`);
  }
}

/** Whole under its name, or not there. Only its owner reads it. */
export function keep(file, value) {
  writeFileSync(`${file}.tmp`, JSON.stringify(value, null, 2), { mode: 0o600 });
  renameSync(`${file}.tmp`, file);
}
