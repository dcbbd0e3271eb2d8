import { ociErrors } from './oci-errors';
import { isSignedBy, type SigningKey } from './signing-keys';

/** A signature as cosign stores it: a layer with the payload, and the signature in an annotation of it. */
export interface StoredSignature {
  /** The exact bytes that were signed. */
  payload: Uint8Array;
  /** Base64. */
  signature: string;
}

/** The tag that cosign puts the signatures of a digest under. */
export function signatureTag(digest: string): string {
  return `${digest.replace(':', '-')}.sig`;
}

/** The text that cosign signs: containers/image's "simple signing". */
export function simpleSigningPayload(image: string, digest: string): Buffer {
  return Buffer.from(JSON.stringify({ critical: { identity: { 'docker-reference': image }, image: { 'docker-manifest-digest': digest }, type: 'cosign container image signature' }, optional: null }));
}

/**
 * The trusted key that signed `digest`. A signature is of no use unless its payload names this very digest: a valid signature of another
 * version is just a file. Throws `oci.unsigned` where there is no signature and `oci.badSignature` where none fits.
 */
export function verifySignature(digest: string, signatures: readonly StoredSignature[], keys: readonly SigningKey[]): SigningKey {
  if (signatures.length === 0) {
    throw new ociErrors.unsigned({ digest }, { detail: `There is no signature of ${digest} in the registry, and this host runs signed plugins only. Sign it, for example with cosign sign --key.` });
  }
  let signedAnother = false;
  for (const { payload, signature } of signatures) {
    const key = keys.find((candidate) => isSignedBy(candidate, payload, Buffer.from(signature, 'base64')));
    if (key === undefined) continue;
    if (signedDigest(payload) === digest) return key;
    signedAnother = true;
  }
  const detail = signedAnother
    ? `A trusted key signed something else than ${digest}: the signature belongs to another version of the plugin.`
    : `None of the ${signatures.length === 1 ? 'one signature' : `${signatures.length} signatures`} of ${digest} was made by a key that this host trusts (${keys.map(({ name }) => name).join(', ')}).`;
  throw new ociErrors.badSignature({ digest }, { detail });
}

function signedDigest(payload: Uint8Array): unknown {
  try {
    const { critical } = JSON.parse(Buffer.from(payload).toString('utf8')) as { critical?: { type?: unknown; image?: { 'docker-manifest-digest'?: unknown } } };
    return critical?.type === 'cosign container image signature' ? critical.image?.['docker-manifest-digest'] : undefined;
  } catch {
    return undefined;
  }
}
