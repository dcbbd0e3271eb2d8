/** What a registry may call the things that a plugin is made of. */
export const INDEX_TYPES: readonly string[] = ['application/vnd.oci.image.index.v1+json', 'application/vnd.docker.distribution.manifest.list.v2+json'];
export const MANIFEST_TYPES: readonly string[] = ['application/vnd.oci.image.manifest.v1+json', 'application/vnd.docker.distribution.manifest.v2+json'];

/** The config of an artifact that was made for this host, and of images. */
export const PLUGIN_CONFIG_TYPE = 'application/vnd.sluice.plugin.config.v1+json';
export const EMPTY_CONFIG_TYPE = 'application/vnd.oci.empty.v1+json';
export const IMAGE_CONFIG_TYPES: readonly string[] = ['application/vnd.oci.image.config.v1+json', 'application/vnd.docker.container.image.v1+json'];

/** A layer that is one file. */
export const PROGRAM_TYPE = 'application/vnd.sluice.plugin.program.v1';
export const FILE_TYPES: readonly string[] = [PROGRAM_TYPE, 'application/octet-stream', 'application/x-executable', 'text/javascript', 'application/javascript'];
/** Layers that are archives. */
export const TAR_TYPES: readonly string[] = ['application/vnd.oci.image.layer.v1.tar', 'application/vnd.docker.image.rootfs.diff.tar', 'application/x-tar'];
export const TAR_GZIP_TYPES: readonly string[] = [
  'application/vnd.oci.image.layer.v1.tar+gzip',
  'application/vnd.docker.image.rootfs.diff.tar.gzip',
  'application/gzip',
  'application/x-gzip',
];

/** Cosign's. */
export const SIMPLE_SIGNING_TYPE = 'application/vnd.dev.cosign.simplesigning.v1+json';

export const ENTRYPOINT_ANNOTATION = 'dev.sluice.plugin.entrypoint';
/** The name of a file; ORAS writes it. */
export const TITLE_ANNOTATION = 'org.opencontainers.image.title';
export const SIGNATURE_ANNOTATION = 'dev.cosignproject.cosign/signature';
