/** The programs, beside Node, that tests use where they are installed and are skipped without. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** By the name that a sentence has for it: the file names, any of which will do. */
const PROGRAMS = {
  bash: ['bash'],
  Chromium: ['chromium', 'chromium-browser', 'google-chrome'],
  curl: ['curl'],
  'docker-registry': ['docker-registry'],
  git: ['git'],
  Go: ['go'],
  'redis-server': ['redis-server'],
};

/** Those that are on no folder of the path. */
export function missingPrograms(path = process.env.PATH ?? '') {
  const folders = path.split(delimiter).filter(Boolean);
  return Object.keys(PROGRAMS).filter((name) => !PROGRAMS[name].some((file) => folders.some((folder) => existsSync(join(folder, file)))));
}

/** What is said under the list of skipped tests; `''` when nothing is missing, for then they have other reasons. */
export function missingNote(path) {
  const missing = missingPrograms(path);
  return missing.length === 0 ? '' : `\n  (Not installed: ${missing.join(', ')}.)`;
}
