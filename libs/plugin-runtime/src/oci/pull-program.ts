import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseDocument, type Platform } from './manifest';
import { SIGNATURE_ANNOTATION, SIMPLE_SIGNING_TYPE } from './media-types';
import { ociErrors } from './oci-errors';
import type { OciLimits } from './oci-limits';
import type { ProgramPlan } from './plan-program';
import { type ProgramEntry, readPlan } from './program-documents';
import { unpackProgram } from './program-files';
import type { RegistryClient } from './registry-client';
import type { SigningKey } from './signing-keys';
import { type SignedImage, signatureTag, type StoredSignature, verifySignature } from './verify-signature';

const MAX_SIGNATURES = 32;

export interface PullOptions {
  client: RegistryClient;
  repository: string;
  /** None: signatures are not looked for. */
  signingKeys: readonly SigningKey[];
  host: Platform;
  limits: OciLimits;
  /** The error for a digest that the registry does not have. */
  notFound(): Promise<Error>;
}

/** Brings a plugin into an empty entry of the cache. Its signature is checked before any of its files is fetched. */
export async function pullProgram(entry: ProgramEntry, digest: string, options: PullOptions, signal: AbortSignal): Promise<void> {
  const { client, signingKeys, host, limits } = options;
  const document = async (wanted: string) => {
    const found = await client.document(wanted, signal);
    if (found === undefined) throw await options.notFound();
    await writeFile(entry.blobPath(wanted), found.bytes);
    return found.bytes;
  };
  const top = await document(digest);
  await entry.saveSignatures(await checkSignature(client, { repository: options.repository, digest }, signingKeys, signal));
  const plan = await readPlan(
    {
      document: async (wanted) => (wanted === digest ? top : document(wanted)),
      config: async (descriptor) => {
        const bytes = await client.smallBlob(descriptor, signal);
        await writeFile(entry.blobPath(descriptor.digest), bytes);
        return bytes;
      },
    },
    digest,
    host,
  );
  await fetchLayers(entry, plan, options, signal);
  await unpackProgram({ plan, limits, openLayer: (layer) => entry.openBlob(layer) }, entry.files);
}

/** The signatures of an image, one of them by a trusted key; none when there are no keys. Throws `oci.unsigned` or `oci.badSignature`. */
export async function checkSignature(client: RegistryClient, image: SignedImage, keys: readonly SigningKey[], signal: AbortSignal): Promise<StoredSignature[]> {
  if (keys.length === 0) return [];
  const found = await client.document(signatureTag(image.digest), signal);
  const manifest = found === undefined ? undefined : parseDocument(found.bytes);
  const layers = manifest?.kind === 'manifest' ? manifest.layers.filter(({ mediaType }) => mediaType === SIMPLE_SIGNING_TYPE) : [];
  const signatures: StoredSignature[] = [];
  for (const layer of layers.slice(0, MAX_SIGNATURES)) {
    const signature = layer.annotations[SIGNATURE_ANNOTATION];
    if (signature !== undefined) signatures.push({ payload: await client.smallBlob(layer, signal), signature });
  }
  verifySignature(image, signatures, keys);
  return signatures;
}

async function fetchLayers(entry: ProgramEntry, { layers }: ProgramPlan, { client, limits }: PullOptions, signal: AbortSignal): Promise<void> {
  const total = layers.reduce((sum, { descriptor }) => sum + descriptor.size, 0);
  if (total > limits.layerBytes) {
    throw new ociErrors.tooLarge({ total }, { detail: `The plugin has ${total} bytes; this host takes ${limits.layerBytes}.` });
  }
  const byDigest = new Map(layers.map(({ descriptor }) => [descriptor.digest, descriptor]));
  for (const descriptor of byDigest.values()) {
    await pipeline(Readable.from(client.blob(descriptor, signal)), createWriteStream(entry.blobPath(descriptor.digest), { mode: 0o600 }));
  }
}
