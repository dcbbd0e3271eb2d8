import { generateAutoMtlsCertificate } from '@sluice/contracts/auto-mtls-certificate';

/** What this host shows to one plugin process, in PEM. */
export interface HostCertificate {
  certificate: string;
  privateKey: string;
}

/** For one launch. */
export async function generateHostCertificate(): Promise<HostCertificate> {
  const { certificatePem, privateKeyPem } = await generateAutoMtlsCertificate();
  return { certificate: certificatePem, privateKey: privateKeyPem };
}
