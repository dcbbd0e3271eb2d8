/** What this host shows to one plugin process, in PEM. */
export interface HostCertificate {
  certificate: string;
  privateKey: string;
}

/** For one launch. */
export async function generateHostCertificate(): Promise<HostCertificate> {
  // Only who starts plugins with AutoMTLS needs what makes certificates.
  const { generateAutoMtlsCertificate } = require('@sluice/contracts/auto-mtls-certificate') as typeof import('@sluice/contracts/auto-mtls-certificate');
  const { certificatePem, privateKeyPem } = await generateAutoMtlsCertificate();
  return { certificate: certificatePem, privateKey: privateKeyPem };
}
