import { isAbsolute, resolve } from 'node:path';
import { parseGrpcAddress, type RemoteAddress } from '../../../remote/parse-grpc-address';

/** What is tested: a file that the kit starts itself, or a plugin that somebody else runs. */
export type Target = { kind: 'file'; path: string } | ({ kind: 'grpc' } & RemoteAddress);

/** Reads `./dist/main.js`, `file:///opt/plugins/echo` or `grpc://127.0.0.1:7000?tls=on&ca=/etc/ca.pem`. Throws an error with a sentence. */
export function parseTarget(text: string): Target {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return { kind: 'file', path: resolve(text) };
  const rest = text.slice(scheme.length + '://'.length);
  if (scheme === 'file') return { kind: 'file', path: isAbsolute(rest) ? rest : resolve(rest) };
  if (scheme !== 'grpc') throw new Error(`${scheme}:// cannot be tested; name a file, file://… or grpc://host:port.`);
  return { kind: 'grpc', ...parseGrpcAddress(text) };
}
