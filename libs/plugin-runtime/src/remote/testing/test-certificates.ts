import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BasicConstraintsExtension, PemConverter, SubjectAlternativeNameExtension, type X509Certificate, X509CertificateGenerator } from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;

type Keys = webcrypto.CryptoKeyPair;
type Crypto = Parameters<typeof X509CertificateGenerator.create>[1];

/** A certificate authority for one test, with what it signs in files of a folder of its own. */
export class TestCertificates {
  readonly folder = mkdtempSync(join(tmpdir(), 'slx-'));
  readonly caFile = join(this.folder, 'ca.pem');

  private constructor(
    private readonly keys: Keys,
    private readonly authority: X509Certificate,
  ) {
    writeFileSync(this.caFile, authority.toString('pem'));
  }

  static async create(): Promise<TestCertificates> {
    const keys = (await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])) as Keys;
    const authority = await X509CertificateGenerator.createSelfSigned(
      { name: 'CN=Test authority', ...validity(), signingAlgorithm: ALGORITHM, keys, extensions: [new BasicConstraintsExtension(true, undefined, true)] },
      webcrypto as Crypto,
    );
    return new TestCertificates(keys, authority);
  }

  /** A certificate for this DNS name and for 127.0.0.1. */
  async issue(name: string): Promise<{ certificateFile: string; keyFile: string }> {
    const keys = (await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])) as Keys;
    const certificate = await X509CertificateGenerator.create(
      {
        subject: `CN=${name}`,
        issuer: this.authority.subject,
        ...validity(),
        signingAlgorithm: ALGORITHM,
        publicKey: keys.publicKey,
        signingKey: this.keys.privateKey,
        extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: name }, { type: 'ip', value: '127.0.0.1' }])],
      },
      webcrypto as Crypto,
    );
    const [certificateFile, keyFile] = [join(this.folder, `${name}.pem`), join(this.folder, `${name}-key.pem`)];
    writeFileSync(certificateFile, certificate.toString('pem'));
    writeFileSync(keyFile, PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY'));
    return { certificateFile, keyFile };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function validity(): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Date.now() - DAY_MS), notAfter: new Date(Date.now() + DAY_MS) };
}
