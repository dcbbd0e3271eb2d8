import { resolve, sep } from 'node:path';
import type { RemoteSecurity } from '../deployment/deployment';
import { refuseCommand } from '../deployment/refuse-command';

export interface RemoteAddress {
  /** `host:port`; an IPv6 address in brackets. */
  address: string;
  tls: RemoteSecurity;
}

const COMMAND = /^grpc:\/\/([^/?#]*)\/?(?:\?([^#]*))?(#.*)?$/i;
const AUTHORITY = /^(\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?):(\d{1,5})$/i;
const PARAMETERS = ['tls', 'ca', 'cert', 'key', 'server_name'];

/**
 * Reads `grpc://host:port?tls=on&ca=ca.pem&cert=host.pem&key=host-key.pem&server_name=plugin.example`.
 *
 * Without parameters the connection is not encrypted. `tls=on` encrypts it, and so does any of the others: `ca` is a file with the
 * authorities that may have signed the plugin's certificate (left out: those of Node.js), `cert` and `key` are what this host shows the
 * plugin (mutual TLS), `server_name` is the name in the plugin's certificate where it is not the host's. Files are read at each
 * connection, on the host that connects. With `tlsDirectory` they have to lie in it, and relative names begin there.
 *
 * Throws `plugin.badCommand` with a sentence about what is wrong.
 */
export function parseGrpcAddress(command: string, tlsDirectory?: string | null): RemoteAddress {
  const [, authority = '', query = '', fragment] = COMMAND.exec(command) ?? [];
  const [, host, port] = AUTHORITY.exec(authority) ?? [];
  if (host === undefined || fragment !== undefined || Number(port) < 1 || Number(port) > 65_535) {
    refuseCommand(command, `${command} names no plugin; write a host and a port like grpc://plugin.example:9000.`);
  }
  return { address: `${host.toLowerCase()}:${Number(port)}`, tls: readSecurity(command, readParameters(command, query), tlsDirectory) };
}

function readParameters(command: string, query: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    if (!PARAMETERS.includes(name)) refuseCommand(command, `A grpc:// command has no parameter ${name}; there are ${PARAMETERS.join(', ')}.`);
    if (parameters.has(name)) refuseCommand(command, `The parameter ${name} is there twice.`);
    if (value === '') refuseCommand(command, `The parameter ${name} is empty.`);
    parameters.set(name, value);
  }
  return parameters;
}

function readSecurity(command: string, parameters: ReadonlyMap<string, string>, tlsDirectory?: string | null): RemoteSecurity {
  const mode = parameters.get('tls') ?? (parameters.size > 0 ? 'on' : 'off');
  if (mode !== 'on' && mode !== 'off') refuseCommand(command, 'The parameter tls is on or off.');
  if (mode === 'off') {
    if (parameters.size > 1) refuseCommand(command, 'With tls=off there can be no other parameters.');
    return { mode: 'plaintext' };
  }
  const file = (name: string) => {
    const value = parameters.get(name);
    return value === undefined ? undefined : placeFile(command, name, value, tlsDirectory);
  };
  const [caFile, certificateFile, keyFile, serverName] = [file('ca'), file('cert'), file('key'), parameters.get('server_name')];
  const server = { ...(caFile !== undefined && { caFile }), ...(serverName !== undefined && { serverName }) };
  if (certificateFile === undefined && keyFile === undefined) return { mode: 'tls', ...server };
  if (certificateFile === undefined || keyFile === undefined) refuseCommand(command, 'The parameters cert and key belong together; name both.');
  return { mode: 'mutual', ...server, certificateFile, keyFile };
}

function placeFile(command: string, name: string, value: string, tlsDirectory?: string | null): string {
  if (value.includes('\0')) refuseCommand(command, `The parameter ${name} contains a NUL character.`);
  if (!tlsDirectory) {
    if (!value.startsWith('/')) refuseCommand(command, `The file ${value} for ${name} is relative; write it from the root, or set PLUGIN_TLS_DIR on the host.`);
    return resolve(value);
  }
  const root = resolve(tlsDirectory);
  const path = resolve(root, value);
  if (!path.startsWith(root.endsWith(sep) ? root : root + sep)) refuseCommand(command, `The file ${value} for ${name} does not lie in ${root}, where certificates and keys for plugins lie on this host.`);
  return path;
}
