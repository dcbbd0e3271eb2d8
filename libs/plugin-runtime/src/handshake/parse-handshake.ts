/** Where a plugin's gRPC server listens. */
export type PluginAddress = { network: 'unix'; path: string } | { network: 'tcp'; host: string; port: number };

/** `certificate` is DER, there when the plugin answered the host's with one of its own. */
export interface Handshake {
  address: PluginAddress;
  certificate?: Buffer;
}

export type HandshakeResult = ({ ok: true } & Handshake) | { ok: false; reason: string };

const CORE_PROTOCOL = '1';
const APP_PROTOCOL = '1';
const QUOTED_CHARACTERS = 120;

/**
 * Reads the first line of a plugin's stdout, `CORE|APP|NETWORK|ADDRESS|PROTOCOL|SERVERCERT[|MUX]` (section 3 of the plugin wire
 * contract). A refusal is a sentence for the person who has to repair the plugin.
 * @param certificates whether the process was given the host's certificate and may answer with its own.
 */
export function parseHandshake(line: string, certificates = false): HandshakeResult {
  const parts = line.trim().split('|');
  if (parts.length < 4) return refuse(`The first line that the plugin printed is not a go-plugin handshake: ${quote(line)}.`);
  const [core, app, network, address, protocol = '', certificate = ''] = parts as [string, string, string, string, ...string[]];
  if (!/^\d+$/.test(core)) return refuse(`The first line that the plugin printed is not a go-plugin handshake: ${quote(line)}.`);
  if (core !== CORE_PROTOCOL) return refuse(`The plugin speaks go-plugin core protocol ${core}; this host speaks ${CORE_PROTOCOL}.`);
  if (app !== APP_PROTOCOL) return refuse(`The plugin speaks plugin protocol version ${quote(app)}; this host offers version ${APP_PROTOCOL}.`);
  // go-plugin leaves the protocol out when it is its own netrpc.
  if (protocol !== 'grpc') return refuse(`The plugin speaks ${protocol === '' ? 'netrpc' : quote(protocol)}; this host speaks only grpc.`);
  if (certificate !== '' && !certificates) return refuse('The plugin asks for TLS with a certificate of its own, but this host did not offer AutoMTLS.');
  const parsed = parseAddress(network, address);
  return parsed.ok && certificate !== '' ? { ...parsed, certificate: Buffer.from(certificate, 'base64') } : parsed;
}

function parseAddress(network: string, address: string): HandshakeResult {
  if (network === 'unix') {
    if (!address.startsWith('/')) return refuse(`The plugin names the socket ${quote(address)}, which is not an absolute path.`);
    return { ok: true, address: { network, path: address } };
  }
  if (network === 'tcp') {
    const [, host, port] = /^(127\.0\.0\.1|localhost|\[::1\]):(\d{1,5})$/.exec(address) ?? [];
    if (host === undefined || port === undefined) return refuse(`The plugin listens on ${quote(address)}, which is not an address of this machine alone.`);
    return { ok: true, address: { network, host, port: Number(port) } };
  }
  return refuse(`The plugin listens on a ${quote(network)} network; this host connects to unix and tcp.`);
}

function refuse(reason: string): HandshakeResult {
  return { ok: false, reason };
}

/** Foreign text inside a sentence of ours: bounded, and without control characters. */
export function quote(text: string): string {
  const printable = text.replace(/\p{Cc}/gu, '·').trim();
  return `"${printable.length > QUOTED_CHARACTERS ? `${printable.slice(0, QUOTED_CHARACTERS)}…` : printable}"`;
}
