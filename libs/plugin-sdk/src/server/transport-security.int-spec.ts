import { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import { credentials, ServerCredentials } from '@grpc/grpc-js';
import { generateAutoMtlsCertificate, type AutoMtlsCertificate } from '@sluice/contracts/auto-mtls-certificate';
import { GRPCBrokerClient } from '@sluice/contracts/go-plugin';
import { FakeServices } from '../testing/fake-services';
import { answer, RawHost } from '../testing/raw-host';

// Real processes on a busy machine.
jest.setTimeout(60_000);

let host: RawHost;
let own: AutoMtlsCertificate;
let stranger: AutoMtlsCertificate;

beforeAll(async () => {
  [own, stranger] = await Promise.all([generateAutoMtlsCertificate(), generateAutoMtlsCertificate()]);
});
beforeEach(() => {
  host = RawHost.spawn('busy-plugin', { AI_STUDIO_PLUGIN: 'v1', PLUGIN_CLIENT_CERT: own.certificatePem });
});
afterEach(() => host.close());

async function pluginCertificate(): Promise<X509Certificate> {
  const [, , , , , certificate = ''] = await host.handshake();
  return new X509Certificate(Buffer.from(certificate, 'base64'));
}

async function asHost({ privateKeyPem, certificatePem }: AutoMtlsCertificate) {
  const pinned = Buffer.from((await pluginCertificate()).toString());
  return host.plugin(credentials.createSsl(pinned, Buffer.from(privateKeyPem), Buffer.from(certificatePem)));
}

describe('AutoMTLS', () => {
  it('names a certificate of its own in the handshake: P-521, for localhost, unpadded', async () => {
    const [, , , , , text = ''] = await host.handshake();
    expect(text).toMatch(/^[A-Za-z0-9+/]+$/);
    const certificate = await pluginCertificate();
    expect(certificate.publicKey.asymmetricKeyDetails?.namedCurve).toBe('secp521r1');
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.verify(certificate.publicKey)).toBe(true);
  });

  it('answers the host whose certificate it was given', async () => {
    const client = await asHost(own);
    expect(await answer((done) => client.ping({ timestamp: 1n }, done))).toEqual({ timestamp: 1n, healthy: true });
  });

  it('refuses a stranger with a certificate, and a caller without one', async () => {
    const withCertificate = await asHost(stranger);
    await expect(answer((done) => withCertificate.ping({ timestamp: 1n }, done))).rejects.toMatchObject({ code: 14 });
    const [, , , path = ''] = await host.handshake();
    const pinned = (await pluginCertificate()).toString();
    const outcome = await new Promise<string>((resolve) => {
      const socket = connect({ path, ca: pinned, servername: 'localhost', ALPNProtocols: ['h2'] });
      socket.on('error', () => resolve('refused')).on('close', () => resolve('refused')).on('data', () => resolve('answered'));
    });
    expect(outcome).toBe('refused');
  });

  it('uses the same pair on the connection to the services of the host', async () => {
    const pinned = Buffer.from((await pluginCertificate()).toString());
    const pair = { private_key: Buffer.from(own.privateKeyPem), cert_chain: Buffer.from(own.certificatePem) };
    const services = new FakeServices(ServerCredentials.createSsl(pinned, [pair], true));
    const client = await asHost(own);
    await answer((done) => client.initialize({ config: { _plugin_id: '7', _service_broker_id: '1' } }, done));
    const [, , , path = ''] = await host.handshake();
    const broker = new GRPCBrokerClient(
      `unix:${path}`,
      credentials.createSsl(pinned, pair.private_key, pair.cert_chain),
      { 'grpc.ssl_target_name_override': 'localhost' },
    );
    await services.start(host.folder, broker);
    const session = await answer<{ success: boolean; closeReason: number }>((done) =>
      client.openSession({ serviceBrokerId: 1, pluginId: 7, metadata: {}, timeoutMs: 100 }, done),
    );
    expect(session).toMatchObject({ success: true, closeReason: 1 });
    broker.close();
    services.stop();
  });
});
