import { createHash } from 'node:crypto';
import { readdir, readlink, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { StartFailure } from '../launch/start-failure';
import { digestFile } from './digest-file';
import { openRegular } from './open-regular';

const MAX_ENTRIES = 20_000;

/**
 * The digest of a script: of everything in the folder that its entry lies in, at any depth. It is the SHA-256 of one line for each file,
 * sorted by the bytes of the path, each ended by `\n`:
 *
 *     file <64 hex digits of the content's SHA-256> <path below the folder>
 *     link <target> <path below the folder>
 *
 * The first line is `entry <name of the entry>`. Folders and modes do not count. A symbolic link must stay in the folder; anything that is
 * neither file, folder nor link is refused. What a script loads from outside its folder, such as a `node_modules` above it, is not covered.
 */
export async function digestTree(entry: string): Promise<string> {
  const root = dirname(entry);
  const paths = await listTree(root);
  const lines = [];
  for (const path of paths.sort(byBytes)) lines.push(await lineOf(root, path));
  return digestLines(relative(root, entry), lines);
}

/** The same digest for a folder whose files are known: path below the folder → `sha256:…`. */
export function digestOfFiles(entry: string, files: ReadonlyMap<string, string>): string {
  return digestLines(entry, [...files.keys()].sort(byBytes).map((path) => fileLine(path, files.get(path)!)));
}

function digestLines(entry: string, lines: readonly string[]): string {
  const hash = createHash('sha256').update(`entry ${entry}\n`);
  for (const line of lines) hash.update(`${line}\n`);
  return `sha256:${hash.digest('hex')}`;
}

function fileLine(path: string, digest: string): string {
  return `file ${digest.slice('sha256:'.length)} ${path}`;
}

async function listTree(root: string): Promise<string[]> {
  const found: string[] = [];
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const item of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, item.name);
      if (item.isDirectory()) folders.push(path);
      else found.push(relative(root, path));
      if (found.length + folders.length > MAX_ENTRIES) throw new StartFailure(`${root} holds more than ${MAX_ENTRIES} files; put the plugin into a folder of its own.`);
    }
  }
  return found;
}

async function lineOf(root: string, name: string): Promise<string> {
  const path = join(root, name);
  const target = await readlink(path).catch(() => undefined);
  if (target !== undefined) {
    if (!(await staysInside(root, path, target))) throw new StartFailure(`${path} is a symbolic link that leads out of the plugin's folder.`);
    return `link ${target} ${name}`;
  }
  const file = await openRegular(path);
  try {
    return fileLine(name, await digestFile(file));
  } finally {
    await file.close();
  }
}

async function staysInside(root: string, path: string, target: string): Promise<boolean> {
  const destination = resolve(dirname(path), target);
  return destination.startsWith(root + sep) && (await stat(destination).catch(() => undefined)) !== undefined;
}

function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
