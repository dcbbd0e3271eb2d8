import { type ChannelCredentials, credentials, ServerCredentials } from '@grpc/grpc-js';

/** How both sides know each other: by nothing but the socket's folder, or by certificates that they pin. */
export interface TransportSecurity {
  server: ServerCredentials;
  /** For the connection to the host's services. */
  client: ChannelCredentials;
  /** The sixth part of the handshake: base64 without padding, `''` without certificates. */
  certificate: string;
}

/** With AutoMTLS the host gives its certificate in PLUGIN_CLIENT_CERT and is given ours in the handshake. */
export async function transportSecurity(hostCertificatePem: string | undefined): Promise<TransportSecurity> {
  if (!hostCertificatePem) {
    return { server: ServerCredentials.createInsecure(), client: credentials.createInsecure(), certificate: '' };
  }
  // Only here: whoever does without certificates does not pay for their library.
  const { generateAutoMtlsCertificate } = require('@sluice/contracts/auto-mtls-certificate') as typeof import('@sluice/contracts/auto-mtls-certificate');
  const own = await generateAutoMtlsCertificate();
  const host = Buffer.from(hostCertificatePem);
  const [key, chain] = [Buffer.from(own.privateKeyPem), Buffer.from(own.certificatePem)];
  return {
    server: ServerCredentials.createSsl(host, [{ private_key: key, cert_chain: chain }], true),
    client: credentials.createSsl(host, key, chain),
    certificate: own.certificateDer.toString('base64').replace(/=+$/, ''),
  };
}
