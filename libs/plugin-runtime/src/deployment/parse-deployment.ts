import { formatOciReference, parseOciReference } from '../oci/parse-oci-reference';
import { parseGrpcAddress } from '../remote/parse-grpc-address';
import type { Deployment } from './deployment';
import { parseFileDeployment } from './parse-file-deployment';
import { refuseCommand } from './refuse-command';

export interface DeploymentOptions {
  /** Where `file://` plugins may lie; empty or left out: anywhere. */
  roots?: readonly string[];
  /** Where the files that `grpc://` commands name have to lie; null or left out: anywhere. */
  tlsDirectory?: string | null;
  /** What was pinned when the plugin was registered. */
  digest?: string | null;
}

/**
 * Reads a plugin's command, such as `file:///opt/plugins/echo`. A file is looked at: it exists, is a regular file that nobody reaches
 * over a symbolic link, and is executable unless it is a Node.js script. Throws `plugin.badCommand` with a sentence about what is wrong.
 */
export function parseDeployment(command: string, { roots = [], tlsDirectory, digest }: DeploymentOptions = {}): Deployment {
  const text = command.trim();
  if (text === '') refuseCommand(command, 'The plugin command is empty; write one like file:///opt/plugins/echo.');
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  const pinned = digest ? { digest } : {};
  switch (scheme) {
    case 'file':
      return { kind: 'file', path: parseFileDeployment(text, roots), ...pinned };
    case 'oci':
      return { kind: 'oci', reference: formatOciReference(parseOciReference(text)), ...pinned };
    case 'grpc':
      return { kind: 'grpc', ...parseGrpcAddress(text, tlsDirectory) };
    case 'grpcs':
      return refuseCommand(command, 'grpcs:// is not a plugin scheme; write grpc:// and add tls=on, like grpc://plugin.example:9000?tls=on.');
    case undefined:
      return refuseCommand(command, `${text} has no scheme; write it like file:///opt/plugins/echo.`);
    default:
      return refuseCommand(command, `${scheme}:// is not a plugin scheme; use file://, oci:// or grpc://.`);
  }
}
