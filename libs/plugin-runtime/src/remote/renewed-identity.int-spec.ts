import { X509Certificate } from 'node:crypto';
import { copyFileSync, readFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { BrokerServer } from '../broker/broker-server';
import { silentLogger } from '../testing/test-host';
import { type IdentityFiles, RenewedIdentity } from './renewed-identity';
import { TestCertificates } from './testing/test-certificates';

const LOOK_EVERY_MS = 30;

describe('RenewedIdentity', () => {
  let certificates: TestCertificates;
  let own: IdentityFiles;
  let server: BrokerServer | undefined;
  beforeEach(async () => {
    certificates = await TestCertificates.create();
    own = { ...(await certificates.issue('own.example')), lookEveryMs: LOOK_EVERY_MS };
  });
  afterEach(async () => {
    await server?.close();
    server = undefined;
    certificates.remove();
  });

  const listen = async () => {
    server = await BrokerServer.listen({ at: { host: '127.0.0.1', port: 0 }, services: [], credentials: (await RenewedIdentity.read(own, silentLogger())).credentials() });
  };
  const serialOf = (file: string) => new X509Certificate(readFileSync(file)).serialNumber;
  const shown = () =>
    new Promise<string>((resolve, reject) => {
      const socket = connect({ port: server!.port, host: '127.0.0.1', ca: readFileSync(certificates.caFile), ALPNProtocols: ['h2'] }, () => {
        resolve(socket.getPeerX509Certificate()!.serialNumber);
        socket.destroy();
      });
      socket.on('error', reject);
    });
  const looks = (count: number) => new Promise((resolve) => setTimeout(resolve, count * LOOK_EVERY_MS));

  it('is the one of the files, from the first connection on', async () => {
    await listen();
    expect(await shown()).toBe(serialOf(own.certificateFile));
  });

  it('becomes the renewed one while the server is open, and not before certificate and key fit', async () => {
    await listen();
    const before = serialOf(own.certificateFile);
    const renewed = await certificates.issue('own-renewed.example');
    copyFileSync(renewed.certificateFile, own.certificateFile);
    await looks(10);
    expect(await shown()).toBe(before);
    copyFileSync(renewed.keyFile, own.keyFile);
    const deadline = Date.now() + 10_000;
    while ((await shown()) === before && Date.now() < deadline) await looks(1);
    expect(await shown()).toBe(serialOf(renewed.certificateFile));
  });

  it('is refused at the start when it is not there or does not fit', async () => {
    await expect(RenewedIdentity.read({ ...own, keyFile: '/nowhere/key.pem' }, silentLogger())).rejects.toThrow('ENOENT');
    const other = await certificates.issue('other.example');
    await expect(RenewedIdentity.read({ ...own, keyFile: other.keyFile }, silentLogger())).rejects.toThrow('key values mismatch');
  });
});
