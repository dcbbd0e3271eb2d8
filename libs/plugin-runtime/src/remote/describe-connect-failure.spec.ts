import { ChannelError } from '../connect/plugin-channel';
import type { RemoteSecurity } from '../deployment/deployment';
import { describeConnectFailure } from './describe-connect-failure';

const unavailable = (cause: string) => new ChannelError(14, `No connection established. Last error: ${cause}. Resolution note: `);
const describeAs = (mode: RemoteSecurity['mode'], error: ChannelError) => describeConnectFailure('p:1', { mode } as RemoteSecurity, error);
const SSL = (text: string) => `80AC1329837F0000:error:0A00045C:SSL routines:ssl3_read_bytes:${text}:../deps/openssl/openssl/ssl/record/rec_layer_s3.c:1601:SSL alert number 116\n (2026-11-20T11:01:48.998Z)`;

describe('describeConnectFailure', () => {
  it.each([
    ['plaintext', unavailable('Error: connect ECONNREFUSED 127.0.0.1:1'), 'Nothing listens at p:1: the connection was refused.'],
    ['plaintext', unavailable('Error: connect EHOSTUNREACH 10.0.0.1:1'), 'p:1 cannot be reached (EHOSTUNREACH).'],
    ['plaintext', new ChannelError(14, 'Name resolution failed for target dns:p:1'), 'The name in p:1 is not known here.'],
    ['plaintext', new ChannelError(12, 'The server does not implement the method'), 'What answers at p:1 speaks gRPC but is not a plugin: it does not know grpc.health.v1.Health/Check for the service plugin.'],
    ['plaintext', new ChannelError(4, 'Deadline exceeded after 4.003s,Waiting for LB pick'), 'Nothing answered at p:1 in time; a firewall may be in between, or what listens there does not speak gRPC.'],
    ['plaintext', unavailable('Failed to connect (2026-11-20T11:01:48.666Z)'), 'What listens at p:1 does not speak gRPC without TLS; add tls=on if it is a plugin with a certificate.'],
    ['plaintext', unavailable('Protocol error (2026-11-20T11:01:49.071Z)'), 'What listens at p:1 does not speak gRPC without TLS; add tls=on if it is a plugin with a certificate.'],
    ['tls', unavailable(`Error: ${SSL('wrong version number')}`), 'What listens at p:1 does not speak TLS; leave tls=on out if the plugin has no certificate.'],
    ['tls', unavailable('Error: self-signed certificate'), 'The TLS connection to p:1 failed: self-signed certificate.'],
    ['tls', unavailable(SSL('tlsv13 alert certificate required')), 'The plugin at p:1 ended the TLS handshake (tlsv13 alert certificate required); it may ask for a certificate of this host: name cert and key.'],
    ['mutual', unavailable('Failed to connect (2026-11-20T11:01:49.014Z)'), 'The plugin at p:1 did not accept the certificate of this host (Failed to connect).'],
    ['mutual', unavailable("Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's altnames: Host: p. is not in the cert's altnames: DNS:q"), "The TLS connection to p:1 failed: Hostname/IP does not match certificate's altnames: Host: p. is not in the cert's altnames: DNS:q."],
  ] as const)('%s: %#', (mode, error, sentence) => {
    expect(describeAs(mode, error)).toBe(sentence);
  });
});
