import type { ImageIndex } from './manifest';
import { checkPlatform, hostPlatform, selectPlatform } from './select-platform';

const digestOf = (n: number) => `sha256:${String(n).repeat(64)}`;
const index = (...platforms: (string | undefined)[]): ImageIndex => ({
  manifests: platforms.map((text, n) => {
    const [os, architecture, variant] = text?.split('/') ?? [];
    return { mediaType: 'm', digest: digestOf(n), size: 1, annotations: {}, platform: text === undefined ? undefined : { os: os!, architecture: architecture!, variant } };
  }),
});

describe('selectPlatform', () => {
  it('takes the entry of this host, past attestations and stronger processors', () => {
    const host = { os: 'linux', architecture: 'amd64' };
    expect(selectPlatform(index(undefined, 'unknown/unknown', 'linux/arm64', 'linux/amd64/v3', 'linux/amd64'), host).digest).toBe(digestOf(4));
    expect(selectPlatform(index('linux/arm64/v8'), { os: 'linux', architecture: 'arm64' }).digest).toBe(digestOf(0));
  });

  it('says what there is when there is nothing for this host', () => {
    expect(() => selectPlatform(index('windows/amd64', 'linux/arm64/v8', 'unknown/unknown'), { os: 'linux', architecture: 'amd64' })).toThrow(
      expect.objectContaining({ code: 'oci.platformMissing', message: 'The plugin is published for windows/amd64, linux/arm64/v8; this host is linux/amd64.' }),
    );
    expect(() => selectPlatform(index(), hostPlatform())).toThrow('no platform at all');
  });

  it('speaks of this machine as the specification does', () => {
    expect(hostPlatform('linux', 'x64')).toEqual({ os: 'linux', architecture: 'amd64' });
    expect(hostPlatform('darwin', 'arm64')).toEqual({ os: 'darwin', architecture: 'arm64' });
    expect(hostPlatform('win32', 'ia32')).toEqual({ os: 'windows', architecture: '386' });
  });

  it('refuses a single image of another platform', () => {
    expect(() => checkPlatform({ os: 'linux', architecture: 'arm64' }, { os: 'linux', architecture: 'amd64' })).toThrow('The plugin is built for linux/arm64; this host is linux/amd64.');
    expect(() => checkPlatform({ os: 'linux', architecture: 'amd64' }, { os: 'linux', architecture: 'amd64' })).not.toThrow();
  });
});
