import { INDEX_TYPES, MANIFEST_TYPES } from './media-types';
import { parseDocument } from './manifest';

const descriptor = { mediaType: 'application/octet-stream', digest: `sha256:${'a'.repeat(64)}`, size: 3 };
const read = (document: unknown) => parseDocument(Buffer.from(typeof document === 'string' ? document : JSON.stringify(document)));

describe('parseDocument', () => {
  it('knows manifests and indexes of OCI and of docker, by type or by shape', () => {
    for (const mediaType of [...MANIFEST_TYPES, undefined]) {
      expect(read({ mediaType, config: descriptor, layers: [{ ...descriptor, annotations: null }] })).toMatchObject({ kind: 'manifest', layers: [{ annotations: {} }], annotations: {} });
    }
    for (const mediaType of [...INDEX_TYPES, undefined]) {
      expect(read({ mediaType, manifests: [{ ...descriptor, platform: { os: 'linux', architecture: 'amd64' } }] })).toMatchObject({ kind: 'index' });
    }
  });

  it.each([
    ['no JSON', '{', 'is not JSON'],
    ['null', null, 'is not the media type'],
    ['both at once', { manifests: [], layers: [], config: descriptor }, 'an index and an image at once'],
    ['another type', { mediaType: 'text/html', layers: [] }, '"text/html" is not the media type'],
    ['no config', { mediaType: MANIFEST_TYPES[0], layers: [] }, 'not valid at /config'],
    ['a digest of another kind', { mediaType: MANIFEST_TYPES[0], config: descriptor, layers: [{ ...descriptor, digest: 'md5:1' }] }, 'not valid at /layers/0/digest'],
    ['a negative size', { mediaType: MANIFEST_TYPES[0], config: { ...descriptor, size: -1 }, layers: [] }, 'not valid at /config/size'],
    ['a flood of layers', { mediaType: MANIFEST_TYPES[0], config: descriptor, layers: Array(65).fill(descriptor) }, 'not valid at /layers'],
  ])('refuses %s', (_, document, part) => {
    expect(() => read(document)).toThrow(expect.objectContaining({ code: 'oci.badArtifact', message: expect.stringContaining(part) }));
  });
});
