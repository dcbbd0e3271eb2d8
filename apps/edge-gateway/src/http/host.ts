import { isIPv6 } from 'node:net';

// A registered name or an IPv4 address. The commas and signs that RFC 3986 would allow tell of two values joined, or of userinfo.
const NAME = /^[A-Za-z0-9._~-]{1,255}$/;
const NAME_AND_PORT = /^([A-Za-z0-9._~-]{1,255})(?::(\d{0,5}))?$/;
const LITERAL_AND_PORT = /^\[([0-9A-Fa-f:.]{2,45})\](?::(\d{0,5}))?$/;
const MAX_PORT = 65_535;
const DEFAULT_PORT = /:(?:80)?$/;
const DEFAULT_TLS_PORT = /:(?:443)?$/;

/** The last one that was valid: clients of a gateway name the same one nearly always. */
let usual = '';

/** Whether this is one host with at most a port (RFC 3986, 3.2.2). */
export function isValidHost(host: string): boolean {
  if (host === usual && host !== '') return true;
  if (!judge(host)) return false;
  usual = host;
  return true;
}

function judge(host: string): boolean {
  if (NAME.test(host)) return true;
  const match = NAME_AND_PORT.exec(host) ?? LITERAL_AND_PORT.exec(host);
  if (!match || Number(match[2] ?? 0) > MAX_PORT) return false;
  return !host.startsWith('[') || isIPv6(match[1]!);
}

/** Whether the authority of a target means the host that `Host` names: case and the default port of the scheme aside. */
export function isSameHost(authority: string, host: string, scheme: string): boolean {
  const port = scheme === 'https' ? DEFAULT_TLS_PORT : DEFAULT_PORT;
  return authority.toLowerCase().replace(port, '') === host.toLowerCase().replace(port, '');
}
