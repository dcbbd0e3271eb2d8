import { status as Status } from '@grpc/grpc-js';
import type { RemoteSecurity } from '../deployment/deployment';
import type { ChannelError } from '../connect/plugin-channel';

const LAST_ERROR = /Last error: (?:Error(?: \[\w+\])?: )?([\s\S]*?)(?: \(\d{4}-\d\d-\d\dT[\d:.]+Z\))?\. Resolution note:/;
const LONGEST_CAUSE = 200;

/** One sentence about why no plugin answers at an address. What @grpc/grpc-js knows about it is in its text alone. */
export function describeConnectFailure(address: string, { mode }: RemoteSecurity, { status, message }: ChannelError): string {
  if (status === Status.UNIMPLEMENTED || status === Status.NOT_FOUND) {
    return `What answers at ${address} speaks gRPC but is not a plugin: it does not know grpc.health.v1.Health/Check for the service plugin.`;
  }
  if (status === Status.DEADLINE_EXCEEDED) return `Nothing answered at ${address} in time; a firewall may be in between, or what listens there does not speak gRPC.`;
  if (message.startsWith('Name resolution failed')) return `The name in ${address} is not known here.`;
  const cause = causeOf(message);
  const code = /\b(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)\b/.exec(cause)?.[1];
  if (code === 'ECONNREFUSED') return `Nothing listens at ${address}: the connection was refused.`;
  if (code !== undefined) return `${address} cannot be reached (${code}).`;
  return mode === 'plaintext' ? describePlaintext(address, cause) : describeTls(address, mode, cause);
}

function causeOf(message: string): string {
  const [, cause = message] = LAST_ERROR.exec(message) ?? [];
  const [, alert] = /:SSL routines:[^:]*:([^:]+):/.exec(cause) ?? [];
  return (alert ?? cause.trim()).slice(0, LONGEST_CAUSE);
}

function describePlaintext(address: string, cause: string): string {
  if (cause === 'Failed to connect' || cause === 'Protocol error' || cause.includes('ECONNRESET')) {
    return `What listens at ${address} does not speak gRPC without TLS; add tls=on if it is a plugin with a certificate.`;
  }
  return `No connection to ${address} could be made: ${cause}.`;
}

function describeTls(address: string, mode: 'tls' | 'mutual', cause: string): string {
  if (cause === 'wrong version number' || cause === 'packet length too long') return `What listens at ${address} does not speak TLS; leave tls=on out if the plugin has no certificate.`;
  if (cause.includes('certificate required') || (cause === 'Failed to connect' && mode === 'tls')) {
    return `The plugin at ${address} ended the TLS handshake (${cause}); it may ask for a certificate of this host: name cert and key.`;
  }
  if (cause === 'Failed to connect' || cause.includes('alert')) return `The plugin at ${address} did not accept the certificate of this host (${cause}).`;
  return `The TLS connection to ${address} failed: ${cause}.`;
}
