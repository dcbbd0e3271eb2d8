import { z } from 'zod';
import { DIGEST } from './digest';
import { INDEX_TYPES, MANIFEST_TYPES } from './media-types';
import { ociErrors } from './oci-errors';

const platform = z.object({ os: z.string(), architecture: z.string(), variant: z.string().optional() });
const descriptor = z.object({
  mediaType: z.string(),
  digest: z.string().regex(DIGEST),
  size: z.number().int().nonnegative(),
  annotations: z.record(z.string(), z.string()).nullish().transform((value) => value ?? {}),
});
const manifest = z.object({
  config: descriptor,
  layers: z.array(descriptor).max(64),
  annotations: z.record(z.string(), z.string()).nullish().transform((value) => value ?? {}),
});
const index = z.object({ manifests: z.array(descriptor.extend({ platform: platform.optional() })).max(1_000) });

export type Platform = z.output<typeof platform>;
export type Descriptor = z.output<typeof descriptor>;
export type ImageManifest = z.output<typeof manifest>;
export type ImageIndex = z.output<typeof index>;

/** What a tag or a digest leads to. */
export type OciDocument = ({ kind: 'manifest' } & ImageManifest) | ({ kind: 'index' } & ImageIndex);

/**
 * Reads a manifest or an index. What it is stands in its own `mediaType`, or else in its members: the digest covers both, and does not
 * cover the content type that the registry sent. Throws `oci.badArtifact`.
 */
export function parseDocument(bytes: Uint8Array): OciDocument {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    refuse('The registry answered with a manifest that is not JSON.');
  }
  const { mediaType = '', manifests, layers } = (json ?? {}) as { mediaType?: unknown; manifests?: unknown; layers?: unknown };
  // Both at once is how one digest is made to mean two things to two readers.
  if (manifests !== undefined && layers !== undefined) refuse('The manifest is an index and an image at once.');
  if (INDEX_TYPES.includes(mediaType as string) || (mediaType === '' && manifests !== undefined)) return { kind: 'index', ...read(index, json, 'index') };
  if (MANIFEST_TYPES.includes(mediaType as string) || (mediaType === '' && layers !== undefined)) return { kind: 'manifest', ...read(manifest, json, 'manifest') };
  return refuse(`${JSON.stringify(mediaType)} is not the media type of a manifest or an index; push the plugin in the OCI image format.`);
}

function read<T extends z.ZodType>(schema: T, json: unknown, what: string): z.output<T> {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  return refuse(`The ${what} of the plugin is not valid at /${issue.path.join('/')}: ${issue.message}`);
}

function refuse(detail: string): never {
  throw new ociErrors.badArtifact({}, { detail });
}
