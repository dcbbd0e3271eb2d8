import { accessSync, constants, lstatSync, realpathSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { refuseCommand } from './refuse-command';
import { runsOnNode } from './runs-on-node';

/** The path that a `file://` command names, checked as far as it can be without reading the file. */
export function parseFileDeployment(command: string, roots: readonly string[]): string {
  const named = decodePath(command);
  if (named.includes('\0')) refuseCommand(command, 'The path contains a NUL character.');
  const path = roots.length === 0 ? anywhere(command, named) : insideRoots(command, named, roots);
  const stats = lstatSync(path);
  if (stats.isSymbolicLink()) refuseCommand(command, `${path} is a symbolic link; name the file that it leads to.`);
  if (!stats.isFile()) refuseCommand(command, `${path} is not a regular file.`);
  checkAccess(command, path);
  return path;
}

function decodePath(command: string): string {
  const path = command.slice('file://'.length);
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function anywhere(command: string, named: string): string {
  if (!isAbsolute(named)) refuseCommand(command, `The path in ${command} is relative; write it from the root, like file:///opt/plugins/echo.`);
  if (!exists(named)) refuseCommand(command, `There is no file ${named}.`);
  return named;
}

/** A relative path is looked for in each root in turn; whatever is found lies in a root without a symbolic link on the way. */
function insideRoots(command: string, named: string, roots: readonly string[]): string {
  const candidates = isAbsolute(named) ? [resolve(named)] : roots.map((root) => resolve(root, named));
  const path = candidates.find(exists);
  if (path === undefined) refuseCommand(command, isAbsolute(named) ? `There is no file ${named}.` : `There is no file ${named} in ${roots.join(' or ')}.`);
  const root = roots.find((candidate) => isInside(resolve(candidate), path));
  if (root === undefined) refuseCommand(command, `${path} does not lie in ${roots.join(' or ')}, where plugins of this host may lie.`);
  const link = linkOnTheWay(resolve(root), path);
  if (link !== undefined) refuseCommand(command, `${link} is a symbolic link; below ${root} there may be none on the way to a plugin.`);
  return join(realpathSync(root), relative(resolve(root), path));
}

function isInside(root: string, path: string): boolean {
  return path.startsWith(root.endsWith(sep) ? root : root + sep);
}

function linkOnTheWay(root: string, path: string): string | undefined {
  let reached = root;
  for (const part of relative(root, path).split(sep)) {
    reached = join(reached, part);
    if (lstatSync(reached).isSymbolicLink()) return reached;
  }
  return undefined;
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function checkAccess(command: string, path: string): void {
  const script = runsOnNode(path);
  try {
    accessSync(path, script ? constants.R_OK : constants.X_OK);
  } catch {
    refuseCommand(command, script ? `${path} cannot be read by this process.` : `${path} is not executable; run chmod +x on it.`);
  }
}
