import { z } from 'zod';
import type { Descriptor, ImageManifest, Platform } from './manifest';
import { ENTRYPOINT_ANNOTATION, FILE_TYPES, IMAGE_CONFIG_TYPES, PLUGIN_CONFIG_TYPE, TAR_GZIP_TYPES, TAR_TYPES, TITLE_ANNOTATION } from './media-types';
import { ociErrors } from './oci-errors';
import { safePath } from './safe-path';
import { checkPlatform } from './select-platform';

export type LayerPlan = { descriptor: Descriptor } & ({ kind: 'archive'; gzip: boolean } | { kind: 'file'; name: string });

/** How an artifact becomes files, and which of them is started. */
export interface ProgramPlan {
  layers: readonly LayerPlan[];
  entrypoint: string;
}

const platform = { os: z.string().optional(), architecture: z.string().optional(), variant: z.string().optional() };
const pluginConfig = z.object({ entrypoint: z.string().optional(), ...platform });
const imageConfig = z.object({ config: z.object({ Entrypoint: z.array(z.string()).nullish() }).nullish(), ...platform });

/** Whether the config of this manifest says something about the program. Configs of other kinds are not fetched. */
export function hasConfig({ config }: ImageManifest): boolean {
  return config.mediaType === PLUGIN_CONFIG_TYPE || IMAGE_CONFIG_TYPES.includes(config.mediaType);
}

/**
 * Reads how a plugin is packed. The program that starts is named by the annotation `dev.sluice.plugin.entrypoint`, else by the config,
 * else it is the only file. Throws `oci.badArtifact` or `oci.platformMissing`.
 */
export function planProgram(manifest: ImageManifest, config: Uint8Array | undefined, host: Platform): ProgramPlan {
  const said = config === undefined ? { platform: {}, entrypoint: undefined } : readConfig(manifest.config.mediaType, config);
  const { os, architecture, variant } = said.platform;
  if (os && architecture) checkPlatform({ os, architecture, variant }, host);
  if (manifest.layers.length === 0) refuse('The artifact has no layers; push the program of the plugin as a layer.');
  const layers = manifest.layers.map((layer) => planLayer(layer, manifest.layers.length === 1));
  const [only] = layers;
  const named = manifest.annotations[ENTRYPOINT_ANNOTATION] ?? said.entrypoint ?? (layers.length === 1 && only!.kind === 'file' ? only!.name : undefined);
  if (named === undefined) refuse(`The artifact does not say which of its files is the program; name it in the annotation ${ENTRYPOINT_ANNOTATION}.`);
  const entrypoint = safePath(named.replace(/^\//, ''));
  if (!entrypoint) refuse(`The program ${JSON.stringify(named)} that the artifact names is not a path inside of it.`);
  return { layers, entrypoint };
}

function planLayer(descriptor: Descriptor, alone: boolean): LayerPlan {
  const { mediaType, annotations } = descriptor;
  if (TAR_TYPES.includes(mediaType)) return { kind: 'archive', gzip: false, descriptor };
  if (TAR_GZIP_TYPES.includes(mediaType)) return { kind: 'archive', gzip: true, descriptor };
  if (!FILE_TYPES.includes(mediaType)) refuse(`A layer is of the type ${JSON.stringify(mediaType)}; push a tar archive, with gzip or without, or a single file as ${FILE_TYPES[0]}.`);
  const title = annotations[TITLE_ANNOTATION] ?? (alone ? 'plugin' : undefined);
  if (title === undefined) refuse(`A layer that is a file has no name; give it one in the annotation ${TITLE_ANNOTATION}.`);
  const name = safePath(title);
  if (!name) refuse(`The name ${JSON.stringify(title)} of a layer is not a path inside the artifact.`);
  return { kind: 'file', name, descriptor };
}

function readConfig(mediaType: string, bytes: Uint8Array): { platform: Partial<Platform>; entrypoint: string | undefined } {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    refuse('The config of the artifact is not JSON.');
  }
  if (mediaType === PLUGIN_CONFIG_TYPE) {
    const config = pluginConfig.safeParse(json);
    if (!config.success) refuse('The config of the artifact is not like {"entrypoint": "bin/echo", "os": "linux", "architecture": "amd64"}.');
    return { platform: config.data, entrypoint: config.data.entrypoint };
  }
  const image = imageConfig.safeParse(json);
  if (!image.success) refuse('The config of the image is not valid.');
  const [entrypoint, ...args] = image.data.config?.Entrypoint ?? [];
  if (args.length > 0) refuse('The entrypoint of the image has arguments; a plugin is started without any. Name the file alone.');
  return { platform: image.data, entrypoint };
}

function refuse(detail: string): never {
  throw new ociErrors.badArtifact({}, { detail });
}
