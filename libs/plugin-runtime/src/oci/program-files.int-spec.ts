import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { sha256 } from './digest';
import { DEFAULT_OCI_LIMITS, type OciLimits } from './oci-limits';
import type { LayerPlan } from './plan-program';
import { digestDirectory, digestLayers, type LayerSource, unpackProgram } from './program-files';
import { tarOf, type TarEntry } from './testing/tar-of';

const directory = mkdtempSync(join(tmpdir(), 'slu-'));
let unpacked = 0;
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function source(layers: Buffer[], { entrypoint = 'echo', gzip = false, limits = {} as Partial<OciLimits> } = {}): LayerSource {
  const plans = layers.map((bytes): LayerPlan => ({ kind: 'archive', gzip, descriptor: { mediaType: 'tar', digest: sha256(bytes), size: bytes.length, annotations: {} } }));
  return {
    plan: { layers: plans, entrypoint },
    // Small pieces, as a network would hand them over.
    openLayer: (digest) => Readable.from(pieces(layers.find((bytes) => sha256(bytes) === digest)!)),
    limits: { ...DEFAULT_OCI_LIMITS, ...limits },
  };
}

function* pieces(bytes: Buffer, size = 10_007) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function unpack(from: LayerSource) {
  const target = join(directory, String(unpacked++));
  return { target, done: unpackProgram(from, target) };
}

const echo: TarEntry = { path: 'echo', content: 'the program', mode: 0o4755 };

describe('unpackProgram', () => {
  it.each([false, true])('writes files that nobody may change, with gzip %s', async (gzip) => {
    const large = Buffer.alloc(3_000_000, 'x');
    const archive = tarOf([{ path: './', type: '5' }, echo, { path: './lib/a.js', content: large, mode: 0o644 }, { path: 'lib/empty', content: '' }]);
    const from = source([gzip ? gzipSync(archive) : archive], { gzip });
    const { target, done } = unpack(from);
    const umask = process.umask(0o077);
    await done.finally(() => process.umask(umask));
    expect(readdirSync(target, { recursive: true }).sort()).toEqual(['echo', 'lib', 'lib/a.js', 'lib/empty']);
    expect(readFileSync(join(target, 'lib/a.js')).equals(large)).toBe(true);
    expect(statSync(join(target, 'echo')).mode & 0o7777).toBe(0o555);
    expect(statSync(join(target, 'lib/a.js')).mode & 0o7777).toBe(0o444);
    expect(statSync(join(target, 'lib')).mode & 0o7777).toBe(0o755);
    expect(await digestDirectory(target)).toEqual(await digestLayers(from));
  });

  it('makes the program executable although the archive forgot to', async () => {
    const { target, done } = unpack(source([tarOf([{ ...echo, mode: 0o600 }])]));
    await done;
    expect(statSync(join(target, 'echo')).mode & 0o7777).toBe(0o555);
  });

  it('puts several layers together', async () => {
    const { target, done } = unpack(source([tarOf([{ path: 'lib', type: '5' }, { path: 'lib/a', content: 'a' }]), tarOf([{ path: 'lib', type: '5' }, echo])]));
    await done;
    expect(readdirSync(target, { recursive: true }).sort()).toEqual(['echo', 'lib', 'lib/a']);
  });

  it.each<[string, TarEntry[], string]>([
    ['a symbolic link', [echo, { path: 'link', type: '2', link: '/etc/passwd' }], 'a symbolic link'],
    ['a hard link', [echo, { path: 'link', type: '1', link: 'echo' }], 'a hard link'],
    ['a character device', [echo, { path: 'null', type: '3' }], 'a device'],
    ['a block device', [echo, { path: 'sda', type: '4' }], 'a device'],
    ['a named pipe', [echo, { path: 'pipe', type: '6' }], 'a named pipe'],
    ['a sparse file', [echo, { path: 'sparse', type: 'S' }], 'SparseFile'],
    ['an absolute path', [echo, { path: '/etc/cron.d/evil', content: 'x' }], 'relative, plain and inside'],
    ['a path that leaves', [echo, { path: '../evil', content: 'x' }], 'relative, plain and inside'],
    ['a path that leaves in the middle', [echo, { path: 'a/../../evil', content: 'x' }], 'relative, plain and inside'],
    ['a folder that leaves', [echo, { path: '../evil/', type: '5' }], 'relative, plain and inside'],
    ['a backslash', [echo, { path: '..\\evil', content: 'x' }], 'relative, plain and inside'],
    ['the same file twice', [echo, { ...echo, content: 'another' }], 'echo twice'],
    ['a file in a file', [echo, { path: 'echo/x', content: 'x' }], 'as a file and as a folder'],
    ['a file over a folder', [{ path: 'echo/x', content: 'x' }, echo], 'echo twice'],
    ['a whiteout', [echo, { path: '.wh.lib', content: '' }], 'deletes'],
  ])('refuses %s whole', async (_, entries, part) => {
    const { target, done } = unpack(source([tarOf(entries)]));
    await expect(done).rejects.toMatchObject({ code: 'oci.unsafeArchive', message: expect.stringContaining(part) });
    expect(readdirSync(directory).filter((name) => name !== target.slice(directory.length + 1)).every((name) => /^\d+$/.test(name))).toBe(true);
  });

  it('refuses a file that is in two layers', async () => {
    await expect(unpack(source([tarOf([echo]), tarOf([{ ...echo, content: 'another' }])])).done).rejects.toMatchObject({ code: 'oci.unsafeArchive' });
  });

  it('refuses bombs before they have grown', async () => {
    const limits = { unpackedBytes: 1_000_000, entries: 100 };
    const big = tarOf([echo, { path: 'zeros', content: Buffer.alloc(20_000_000) }]);
    await expect(unpack(source([gzipSync(big)], { gzip: true, limits })).done).rejects.toMatchObject({ code: 'oci.tooLarge' });
    await expect(unpack(source([big], { limits })).done).rejects.toMatchObject({ code: 'oci.tooLarge' });
    await expect(unpack(source([gzipSync(Buffer.alloc(20_000_000))], { gzip: true, limits })).done).rejects.toMatchObject({ code: 'oci.tooLarge' });
    const many = tarOf([echo, ...Array.from({ length: 200 }, (_, n) => ({ path: `f${n}`, content: '' }))]);
    await expect(unpack(source([many], { limits })).done).rejects.toMatchObject({ code: 'oci.tooLarge', message: expect.stringContaining('more than 100 files') });
    const lies = tarOf([echo, { path: 'f', content: 'x', claimedSize: 8 * 1024 ** 3 - 1 }]);
    await expect(unpack(source([lies], { limits })).done).rejects.toMatchObject({ code: 'oci.tooLarge' });
  });

  it.each<[string, () => Buffer, boolean]>([
    ['an archive that ends in a file', () => tarOf([{ path: 'echo', content: Buffer.alloc(5_000) }]).subarray(0, 2_000), false],
    ['text', () => Buffer.from('<html>not an archive</html>'.repeat(100)), false],
    ['nothing', () => Buffer.alloc(0), false],
    ['gzip that breaks off', () => gzipSync(tarOf([echo])).subarray(0, 40), true],
    ['no gzip', () => tarOf([echo]), true],
    ['gzip that is not announced', () => gzipSync(tarOf([echo])), false],
    ['gzip in gzip', () => gzipSync(gzipSync(tarOf([echo]))), true],
  ])('refuses %s', async (_, bytes, gzip) => {
    await expect(unpack(source([bytes()], { gzip })).done).rejects.toMatchObject({ code: 'oci.badArtifact' });
  });

  it('refuses an artifact without the program that it names', async () => {
    await expect(unpack(source([tarOf([echo])], { entrypoint: 'bin/echo' })).done).rejects.toThrow('names bin/echo as its program');
  });
});

describe('digestDirectory', () => {
  it('tells a changed, an added and a missing file', async () => {
    const from = source([tarOf([echo])]);
    const expected = await digestLayers(from);
    expect([...expected]).toEqual([['echo', sha256('the program')]]);
    const { target, done } = unpack(source([tarOf([echo, { path: 'lib/more', content: '' }])]));
    await done;
    expect(await digestDirectory(target)).not.toEqual(expected);
  });
});
