import { X509Certificate } from 'node:crypto';
import { type ChannelCredentials, credentials, ServerCredentials } from '@grpc/grpc-js';
import type { HostCertificate } from './host-certificate';

/** How host and plugin know each other in both directions. */
export interface LinkCredentials {
  /** For the host's connection to the plugin. */
  client: ChannelCredentials;
  /** For the host's server that the plugin connects to. */
  server: ServerCredentials;
}

/** By nothing but the private folder that the sockets are in. */
export function withoutCertificates(): LinkCredentials {
  return { client: credentials.createInsecure(), server: ServerCredentials.createInsecure() };
}

/** By the certificate of the handshake and the one that the process was started with, and by no other. Throws when the former is none. */
export function pinnedPair(own: HostCertificate, pluginCertificate: Buffer): LinkCredentials {
  const pinned = Buffer.from(new X509Certificate(pluginCertificate).toString());
  const [key, chain] = [Buffer.from(own.privateKey), Buffer.from(own.certificate)];
  const checkServerIdentity = (_host: string, { raw }: { raw: Buffer }) => (raw.equals(pluginCertificate) ? undefined : new Error('This is not the certificate of the handshake.'));
  return {
    client: credentials.createSsl(pinned, key, chain, { checkServerIdentity }),
    server: ServerCredentials.createSsl(pinned, [{ private_key: key, cert_chain: chain }], true),
  };
}
