import 'reflect-metadata';
import { KeyObject, webcrypto } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { X509CertificateGenerator } from '@peculiar/x509';
import { DockerRegistry, isRegistryMissing } from './testing/docker-registry';
import { Publisher } from './testing/publish';
import { TestPrograms } from './testing/test-programs';
import { TokenServer } from './testing/token-server';

const PROGRAM = Buffer.from('#!/bin/sh\necho behind a login\n');
/** bcrypt of `secret`. */
const HTPASSWD = 'ada:$2y$04$YyBBI2p0ReC.cDpWAqUuleDboV8NFjIgF.gec.GjHuyxo73ukfk4W';
const BASIC = `Basic ${Buffer.from('ada:secret').toString('base64')}`;

const registryIsMissing = isRegistryMissing();

(registryIsMissing ? describe.skip : describe)(`logins at a docker-registry${registryIsMissing ? ' (skipped: it is not installed on this machine)' : ''}`, () => {
  let registry: DockerRegistry;
  let test: TestPrograms;
  let tokens: TokenServer | undefined;
  const reference = () => `oci://${registry.host}/plugins/echo:v1`;
  const authFile = (login: string) => registry.file('auth.json', JSON.stringify({ auths: { [registry.host]: { auth: Buffer.from(login).toString('base64') } } }));
  const open = (login?: string) => test.open({ registries: [registry.host], authFile: login && authFile(login) });

  beforeEach(() => void (test = new TestPrograms()));
  afterEach(async () => {
    await test.close();
    await registry?.remove();
    await tokens?.close();
    tokens = undefined;
  }, 30_000);

  it('shows a user name and a password where the registry asks for them', async () => {
    registry = await DockerRegistry.start('auth:\n  htpasswd:\n    realm: plugins\n    path: $DIRECTORY/htpasswd\n');
    registry.file('htpasswd', `${HTPASSWD}\n`);
    await registry.up();
    const { digest } = await new Publisher(registry.origin, 'plugins/echo', BASIC).plugin('v1', [{ bytes: PROGRAM }]);
    expect(await open('ada:secret').resolve(reference())).toEqual({ digest });
    expect(readFileSync((await open('ada:secret').obtain({ reference: reference(), digest })).path)).toEqual(PROGRAM);
    await expect(open().resolve(reference())).rejects.toMatchObject({ code: 'oci.accessDenied', message: expect.stringContaining('has no credentials for it') });
    await expect(open('ada:wrong').resolve(reference())).rejects.toMatchObject({ code: 'oci.accessDenied', message: expect.stringContaining('status 401') });
  }, 60_000);

  it('fetches a token for the repository where the registry names a token server', async () => {
    const keys = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
    const now = Date.now();
    const certificate = await X509CertificateGenerator.createSelfSigned(
      { name: 'CN=tokens', keys, serialNumber: '01', notBefore: new Date(now - 3_600_000), notAfter: new Date(now + 3_600_000), signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' } },
      webcrypto as Parameters<typeof X509CertificateGenerator.createSelfSigned>[1],
    );
    const settings = { issuer: 'sluice-test', service: 'plugins', username: 'ada', password: 'secret' };
    tokens = new TokenServer({ ...settings, privateKey: KeyObject.from(keys.privateKey), certificate: Buffer.from(certificate.rawData) });
    const realm = await tokens.start();
    registry = await DockerRegistry.start(`auth:\n  token:\n    realm: ${realm}\n    service: plugins\n    issuer: sluice-test\n    rootcertbundle: $DIRECTORY/tokens.pem\n`);
    registry.file('tokens.pem', certificate.toString('pem'));
    await registry.up();
    const push = `Bearer ${tokens.token('repository:plugins/echo:pull,push')}`;
    const { digest } = await new Publisher(registry.origin, 'plugins/echo', push).plugin('v1', [{ bytes: PROGRAM }]);

    expect(await open('ada:secret').resolve(reference())).toEqual({ digest });
    expect(readFileSync((await open('ada:secret').obtain({ reference: reference(), digest })).path)).toEqual(PROGRAM);
    expect(tokens.requests).toHaveLength(2);
    expect(Object.fromEntries(tokens.requests[0]!)).toEqual({ service: 'plugins', scope: 'repository:plugins/echo:pull', account: 'ada' });
    await expect(open('ada:wrong').resolve(reference())).rejects.toMatchObject({ code: 'oci.accessDenied', message: expect.stringContaining('refuses the credentials') });
    await expect(open().resolve(reference())).rejects.toMatchObject({ code: 'oci.accessDenied', message: expect.stringContaining('has none for this registry') });
  }, 60_000);
});
