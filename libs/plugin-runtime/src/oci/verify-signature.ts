import { z } from 'zod';
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

/** What a signature has to be about. */
export interface SignedImage {
  /** Without the registry: `plugins/echo`. */
  repository: string;
  digest: string;
}

/**
 * The trusted key that signed `digest` as this plugin. A signature is of no use unless its payload names this very digest: a valid
 * signature of another version is just a file. It also names the repository, so that one plugin of a publisher cannot be put in the place of
 * another; mirrors may add folders in front of that name, or leave some out. Throws `oci.unsigned` where there is no signature and
 * `oci.badSignature` where none fits.
 */
export function verifySignature({ repository, digest }: SignedImage, signatures: readonly StoredSignature[], keys: readonly SigningKey[]): SigningKey {
  if (signatures.length === 0) {
    throw new ociErrors.unsigned({ digest }, { detail: `There is no signature of ${digest} in the registry, and this host runs signed plugins only. Sign it, for example with cosign sign --key.` });
  }
  let signedAnother = false;
  let signedAs: string | undefined;
  for (const { payload, signature } of signatures) {
    const key = keys.find((candidate) => isSignedBy(candidate, payload, Buffer.from(signature, 'base64')));
    if (key === undefined) continue;
    const signed = readPayload(payload);
    if (signed?.digest !== digest) signedAnother = true;
    else if (isSameRepository(signed.repository, repository)) return key;
    else signedAs = signed.repository;
  }
  if (signedAs !== undefined) {
    throw new ociErrors.badSignature({ digest, repository, signedAs }, { detail: `A trusted key signed ${digest} as ${signedAs}, and not as ${repository}: it may not be started under the name of another plugin.` });
  }
  const detail = signedAnother
    ? `A trusted key signed something else than ${digest}: the signature belongs to another version of the plugin.`
    : `None of the ${signatures.length === 1 ? 'one signature' : `${signatures.length} signatures`} of ${digest} was made by a key that this host trusts (${keys.map(({ name }) => name).join(', ')}).`;
  throw new ociErrors.badSignature({ digest }, { detail });
}

const payloadText = z.object({
  critical: z.object({
    type: z.literal('cosign container image signature'),
    identity: z.object({ 'docker-reference': z.string() }),
    image: z.object({ 'docker-manifest-digest': z.string() }),
  }),
});

function readPayload(payload: Uint8Array): SignedImage | undefined {
  const { success, data } = payloadText.safeParse(parseJson(payload));
  if (!success) return undefined;
  const { identity, image } = data.critical;
  return { repository: repositoryOf(identity['docker-reference']), digest: image['docker-manifest-digest'] };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The name in `registry.example:5000/plugins/echo:v1@sha256:…`. */
function repositoryOf(reference: string): string {
  const [, path = ''] = /^(?:(?:[^/]*[.:][^/]*|localhost)\/)?([^:@]*)/.exec(reference) ?? [];
  return path;
}

function isSameRepository(signed: string, asked: string): boolean {
  return signed !== '' && (`/${signed}`.endsWith(`/${asked}`) || `/${asked}`.endsWith(`/${signed}`));
}
