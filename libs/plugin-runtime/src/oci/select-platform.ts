import type { Descriptor, ImageIndex, Platform } from './manifest';
import { ociErrors } from './oci-errors';

const OS: Readonly<Record<string, string>> = { win32: 'windows' };
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };
/** The variant that every processor of the architecture runs. */
const BASELINE: Readonly<Record<string, string>> = { amd64: 'v1', arm64: 'v8' };

/** This machine in the words of the OCI image specification. */
export function hostPlatform(os: string = process.platform, architecture: string = process.arch): Platform {
  return { os: OS[os] ?? os, architecture: ARCHITECTURES[architecture] ?? architecture };
}

/** The entry of an index that runs on `host`; the first one if there are several. Throws `oci.platformMissing`. */
export function selectPlatform({ manifests }: ImageIndex, host: Platform): Descriptor {
  const found = manifests.find(({ platform }) => platform !== undefined && runsOn(platform, host));
  if (found !== undefined) return found;
  const offered = manifests.flatMap(({ platform }) => (platform === undefined || platform.os === 'unknown' ? [] : [describe(platform)]));
  throw new ociErrors.platformMissing({ host, offered }, { detail: `The plugin is published for ${offered.join(', ') || 'no platform at all'}; this host is ${describe(host)}.` });
}

/** Refuses a single image that says it is for something else. Throws `oci.platformMissing`. */
export function checkPlatform(platform: Platform, host: Platform): void {
  if (!runsOn(platform, host)) {
    throw new ociErrors.platformMissing({ host, offered: platform }, { detail: `The plugin is built for ${describe(platform)}; this host is ${describe(host)}.` });
  }
}

function runsOn({ os, architecture, variant }: Platform, host: Platform): boolean {
  if (os !== host.os || architecture !== host.architecture) return false;
  return variant === undefined || variant === '' || variant === (host.variant ?? BASELINE[architecture]);
}

function describe({ os, architecture, variant }: Platform): string {
  return `${os}/${architecture}${variant ? `/${variant}` : ''}`;
}
