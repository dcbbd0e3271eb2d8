import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { pluginErrors } from '../plugin-errors';
import type { Deployment } from './deployment';
import { runsOnNode } from './runs-on-node';

/**
 * Reads a plugin's command, `file:///opt/plugins/echo`, and checks that it can run here: the file exists, is a regular file, and is
 * executable unless it is a Node.js script. Throws `plugin.badCommand` with a sentence about what is wrong.
 */
export function parseDeployment(command: string): Deployment {
  const path = filePath(command.trim());
  if (!isAbsolute(path)) refuse(command, `The path in ${command} is relative; write it from the root, like file:///opt/plugins/echo.`);
  let stats;
  try {
    stats = statSync(path);
  } catch {
    refuse(command, `There is no file ${path}.`);
  }
  if (!stats.isFile()) refuse(command, `${path} is not a regular file.`);
  checkAccess(command, path);
  return { kind: 'file', path };
}

function filePath(command: string): string {
  if (command === '') refuse(command, 'The plugin command is empty; write one like file:///opt/plugins/echo.');
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(command)?.[1]?.toLowerCase();
  if (scheme === undefined) refuse(command, `${command} has no scheme; write it like file:///opt/plugins/echo.`);
  if (scheme === 'grpc' || scheme === 'oci') refuse(command, `${scheme}:// plugins are not supported yet; use file://.`);
  if (scheme !== 'file') refuse(command, `${scheme}:// is not a plugin scheme; use file://.`);
  const path = command.slice('file://'.length);
  if (path.includes('\0')) refuse(command, 'The path contains a NUL character.');
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function checkAccess(command: string, path: string): void {
  const script = runsOnNode(path);
  try {
    accessSync(path, script ? constants.R_OK : constants.X_OK);
  } catch {
    refuse(command, script ? `${path} cannot be read by this process.` : `${path} is not executable; run chmod +x on it.`);
  }
}

function refuse(command: string, detail: string): never {
  throw new pluginErrors.badCommand({ command }, { detail });
}
