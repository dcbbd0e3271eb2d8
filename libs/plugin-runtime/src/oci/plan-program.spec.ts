import type { ImageManifest } from './manifest';
import { EMPTY_CONFIG_TYPE, ENTRYPOINT_ANNOTATION, IMAGE_CONFIG_TYPES, PLUGIN_CONFIG_TYPE, PROGRAM_TYPE, TAR_GZIP_TYPES, TAR_TYPES, TITLE_ANNOTATION } from './media-types';
import { hasConfig, planProgram } from './plan-program';

const HOST = { os: 'linux', architecture: 'amd64' };
const layer = (mediaType: string, title?: string) => ({ mediaType, digest: `sha256:${'a'.repeat(64)}`, size: 1, annotations: (title === undefined ? {} : { [TITLE_ANNOTATION]: title }) as Record<string, string> });
const manifest = (layers: ImageManifest['layers'], { config = EMPTY_CONFIG_TYPE, entrypoint }: { config?: string; entrypoint?: string } = {}): ImageManifest => ({
  config: layer(config),
  layers,
  annotations: entrypoint === undefined ? {} : { [ENTRYPOINT_ANNOTATION]: entrypoint },
});
const plan = (m: ImageManifest, config?: unknown) => planProgram(m, config === undefined ? undefined : Buffer.from(JSON.stringify(config)), HOST);

describe('planProgram', () => {
  it('starts the only file of an artifact, whatever it is called', () => {
    expect(plan(manifest([layer(PROGRAM_TYPE)]))).toMatchObject({ entrypoint: 'plugin', layers: [{ kind: 'file', name: 'plugin' }] });
    expect(plan(manifest([layer('text/javascript', 'dist/main.js')]))).toMatchObject({ entrypoint: 'dist/main.js' });
  });

  it('asks the annotation first and the config second', () => {
    const config = { entrypoint: 'bin/b' };
    expect(plan(manifest([layer(TAR_TYPES[0]!)], { entrypoint: 'bin/a', config: PLUGIN_CONFIG_TYPE }), config).entrypoint).toBe('bin/a');
    expect(plan(manifest([layer(TAR_GZIP_TYPES[0]!)], { config: PLUGIN_CONFIG_TYPE }), config)).toMatchObject({ entrypoint: 'bin/b', layers: [{ kind: 'archive', gzip: true }] });
  });

  it('reads images', () => {
    const image = manifest([layer(TAR_GZIP_TYPES[0]!), layer(TAR_GZIP_TYPES[0]!)], { config: IMAGE_CONFIG_TYPES[0] });
    expect(hasConfig(image)).toBe(true);
    expect(plan(image, { ...HOST, config: { Entrypoint: ['/app/echo'] } }).entrypoint).toBe('app/echo');
    expect(() => plan(image, { ...HOST, config: { Entrypoint: ['node', 'main.js'] } })).toThrow('has arguments');
    expect(() => plan(image, { os: 'linux', architecture: 'arm64', config: { Entrypoint: ['/echo'] } })).toThrow(expect.objectContaining({ code: 'oci.platformMissing' }));
    expect(() => plan(image, { ...HOST, config: null })).toThrow('does not say which of its files is the program');
  });

  it.each([
    ['no layers', manifest([]), 'has no layers'],
    ['a type that is not known', manifest([layer('application/vnd.oci.image.layer.v1.tar+zstd')]), '"application/vnd.oci.image.layer.v1.tar+zstd"'],
    ['an archive that names no program', manifest([layer(TAR_TYPES[0]!)]), 'does not say which'],
    ['files without names', manifest([layer(PROGRAM_TYPE), layer(PROGRAM_TYPE)]), 'has no name'],
    ['a file that leaves its place', manifest([layer(PROGRAM_TYPE, '../echo')]), 'not a path inside'],
    ['a program that leaves its place', manifest([layer(TAR_TYPES[0]!)], { entrypoint: 'a/../../b' }), 'not a path inside'],
    ['the folder itself as a program', manifest([layer(TAR_TYPES[0]!)], { entrypoint: './' }), 'not a path inside'],
  ])('refuses %s', (_, m, part) => {
    expect(() => plan(m)).toThrow(expect.objectContaining({ code: 'oci.badArtifact', message: expect.stringContaining(part) }));
  });
});
