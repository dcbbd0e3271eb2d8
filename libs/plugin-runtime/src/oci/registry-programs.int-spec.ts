import { generateKeyPairSync } from 'node:crypto';
import { appendFileSync, chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { digestProgram } from '../deployment/program-digest';
import { hexOf, sha256 } from './digest';
import { ENTRYPOINT_ANNOTATION, IMAGE_CONFIG_TYPES, PLUGIN_CONFIG_TYPE, TAR_GZIP_TYPES, TITLE_ANNOTATION } from './media-types';
import { hostPlatform } from './select-platform';
import { DockerRegistry, isRegistryMissing } from './testing/docker-registry';
import { Publisher } from './testing/publish';
import { tarOf } from './testing/tar-of';
import { TestPrograms } from './testing/test-programs';

const HOST = hostPlatform();
const program = (text: string) => Buffer.from(`#!/bin/sh\necho ${text}\n`);

const registryIsMissing = isRegistryMissing();

(registryIsMissing ? describe.skip : describe)(`RegistryPrograms with a docker-registry${registryIsMissing ? ', which is not installed on this machine' : ''}`, () => {
  let registry: DockerRegistry;
  let publisher: Publisher;
  let test: TestPrograms;
  const open = (options = {}) => test.open({ registries: [registry.host], ...options });
  const at = (tag: string) => `oci://${registry.host}/plugins/echo:${tag}`;

  beforeAll(async () => {
    registry = await DockerRegistry.start();
    publisher = new Publisher(registry.origin, 'plugins/echo');
    await registry.up();
  }, 60_000);
  afterAll(() => registry.remove());
  beforeEach(() => void (test = new TestPrograms()));
  afterEach(() => test.close());

  it('brings a file that can be executed and that nobody may change', async () => {
    const published = await publisher.plugin('v1', [{ bytes: program('one'), annotations: { [TITLE_ANNOTATION]: 'echo' } }]);
    const programs = open();
    expect(await programs.resolve(at('v1'))).toEqual({ digest: published.digest });
    const { path, digest } = await programs.obtain({ reference: at('v1'), digest: published.digest });
    expect(readFileSync(path)).toEqual(program('one'));
    expect(digest).toBe(await digestProgram(path));
    expect(statSync(path).mode & 0o7777).toBe(0o555);
    expect(test.entries('work')).toEqual([]);
  });

  it('brings archives with more files than the program', async () => {
    const archive = gzipSync(tarOf([{ path: './bin/', type: '5' }, { path: './bin/echo', content: program('tar'), mode: 0o755 }, { path: './ui/page.html', content: '<p>' }]));
    const published = await publisher.plugin('tar', [{ bytes: archive, mediaType: TAR_GZIP_TYPES[0] }], { annotations: { [ENTRYPOINT_ANNOTATION]: 'bin/echo' } });
    const { path } = await open().obtain({ reference: at('tar'), digest: published.digest });
    expect(readFileSync(path)).toEqual(program('tar'));
    expect(readFileSync(join(path, '../../ui/page.html'), 'utf8')).toBe('<p>');
  });

  it('takes what an image says, and the entry of an index that fits this host', async () => {
    const image = (text: string, platform: { os: string; architecture: string }, tag: string) =>
      publisher.plugin(tag, [{ bytes: gzipSync(tarOf([{ path: 'echo', content: program(text), mode: 0o755 }])), mediaType: TAR_GZIP_TYPES[0] }], {
        config: { mediaType: IMAGE_CONFIG_TYPES[0]!, json: { ...platform, config: { Entrypoint: ['/echo'] }, rootfs: { type: 'layers', diff_ids: [] } } },
      });
    const other = { os: 'plan9', architecture: 'mips' };
    const [ours, theirs] = [await image('ours', HOST, 'ours'), await image('theirs', other, 'theirs')];
    const index = await publisher.index('both', [{ ...theirs, platform: other }, { ...ours, platform: HOST }]);
    const programs = open();
    expect(await programs.resolve(at('both'))).toEqual({ digest: index.digest });
    expect(readFileSync((await programs.obtain({ reference: at('both'), digest: index.digest })).path)).toEqual(program('ours'));

    const foreign = await publisher.index('foreign', [{ ...theirs, platform: other }]);
    await expect(programs.obtain({ reference: at('foreign'), digest: foreign.digest })).rejects.toMatchObject({
      code: 'oci.platformMissing',
      message: `The plugin is published for plan9/mips; this host is ${HOST.os}/${HOST.architecture}.`,
    });
    await expect(programs.obtain({ reference: at('theirs'), digest: theirs.digest })).rejects.toMatchObject({ code: 'oci.platformMissing' });
  });

  it('goes on with the pinned digest when the tag moves, and says where it went when that is gone', async () => {
    const first = await publisher.plugin('moving', [{ bytes: program('first') }]);
    const pinned = { reference: at('moving'), digest: first.digest };
    const second = await publisher.plugin('moving', [{ bytes: program('second') }]);
    const programs = open();
    expect(await programs.resolve(at('moving'))).toEqual({ digest: second.digest });
    expect(readFileSync((await programs.obtain(pinned)).path)).toEqual(program('first'));

    await publisher.remove(first.digest);
    expect(readFileSync((await programs.obtain(pinned)).path)).toEqual(program('first'));
    await programs.collectGarbage([]);
    await expect(programs.obtain(pinned)).rejects.toMatchObject({
      code: 'oci.notFound',
      message: `The registry ${registry.host} does not have plugins/echo@${first.digest} any more. The tag moving now leads to ${second.digest}; register the plugin anew to use that.`,
    });
  });

  it('needs no registry for what it has, and says so for what it has not', async () => {
    const published = await publisher.plugin('kept', [{ bytes: program('kept') }]);
    const kept = { reference: at('kept'), digest: published.digest };
    const other = await publisher.plugin('other', [{ bytes: program('other') }]);
    await open().obtain(kept);
    await registry.down();
    try {
      const programs = open();
      expect(readFileSync((await programs.obtain(kept)).path)).toEqual(program('kept'));
      const unreachable = { code: 'oci.registryUnreachable', message: expect.stringContaining(`The registry ${registry.host} is out of reach`) };
      await expect(programs.obtain({ reference: at('other'), digest: other.digest })).rejects.toMatchObject(unreachable);
      await expect(programs.resolve(at('kept'))).rejects.toMatchObject(unreachable);
    } finally {
      await registry.up();
    }
  });

  it('fetches again what was changed in the cache, and starts nothing of it while it cannot', async () => {
    const archive = (content: string) => gzipSync(tarOf([{ path: 'main.js', content }]));
    const published = await publisher.plugin('mended', [{ bytes: archive('good()'), mediaType: TAR_GZIP_TYPES[0] }], {
      config: { mediaType: PLUGIN_CONFIG_TYPE, json: { entrypoint: 'main.js' } },
    });
    const pinned = { reference: at('mended'), digest: published.digest };
    const programs = open();
    const { path } = await programs.obtain(pinned);
    const entry = join(path, '../..');
    const damages: (() => void)[] = [
      () => (chmodSync(path, 0o600), appendFileSync(path, 'evil()')),
      () => writeFileSync(join(path, '../evil.js'), 'evil()'),
      () => rmSync(path),
      // The file and the layer that it is compared with, both.
      () => (chmodSync(path, 0o600), writeFileSync(path, 'evil()'), writeFileSync(join(entry, hexOf(sha256(archive('good()')))), archive('evil()'))),
      () => readdirSync(entry).filter((name) => name !== 'files' && statSync(join(entry, name)).size > 0).forEach((name) => writeFileSync(join(entry, name), '{}')),
    ];
    for (const [n, damage] of damages.entries()) {
      damage();
      expect((await programs.obtain(pinned)).path).toBe(path);
      expect(readFileSync(path, 'utf8')).toBe('good()');
      expect(readdirSync(join(path, '..'))).toEqual(['main.js']);
      expect(test.warnings).toHaveLength(n + 1);
    }
    chmodSync(path, 0o600);
    appendFileSync(path, 'evil()');
    await registry.down();
    try {
      await expect(programs.obtain(pinned)).rejects.toMatchObject({ code: 'oci.digestMismatch', message: expect.stringMatching(/The file main\.js of the cached .* was changed\. It could not be fetched again: The registry .* is out of reach/) });
    } finally {
      await registry.up();
    }
  });

  it('fetches once what several start at the same time, in one process and in two', async () => {
    const published = await publisher.plugin('shared', [{ bytes: Buffer.concat([program('shared'), Buffer.alloc(2_000_000)]) }]);
    const pinned = { reference: at('shared'), digest: published.digest };
    const processes = [open(), open(), open()];
    const obtained = await Promise.all(processes.flatMap((programs) => [programs.obtain(pinned), programs.obtain(pinned)]));
    expect(new Set(obtained.map(({ path }) => path)).size).toBe(1);
    expect(test.entries('programs')).toHaveLength(1);
    expect(test.entries('work')).toEqual([]);
    expect(test.warnings).toEqual([]);
  });

  it('collects what no definition names, and nothing that another process uses', async () => {
    const [a, b, c] = [await publisher.plugin('a', [{ bytes: program('a') }]), await publisher.plugin('b', [{ bytes: program('b') }]), await publisher.plugin('c', [{ bytes: program('c') }])];
    const [one, two] = [open(), open()];
    await one.obtain({ reference: at('a'), digest: a.digest });
    await one.obtain({ reference: at('b'), digest: b.digest });
    await two.obtain({ reference: at('c'), digest: c.digest });
    expect(await one.collectGarbage([a.digest])).toEqual([b.digest]);
    expect(test.entries('programs')).toHaveLength(2);
    await two.close();
    expect(await one.collectGarbage([a.digest])).toEqual([c.digest]);
    expect(await one.collectGarbage([])).toEqual([a.digest]);
    expect(test.entries('programs')).toEqual([]);
    expect(test.entries('work')).toEqual([]);
  });

  it('says what the registry does not have', async () => {
    await expect(open().resolve(at('never'))).rejects.toMatchObject({ code: 'oci.notFound', message: `The registry ${registry.host} does not have oci://${registry.host}/plugins/echo:never.` });
    await expect(open({ registries: [] }).resolve(at('v1'))).rejects.toMatchObject({ code: 'oci.registryNotAllowed' });
    await expect(open({ registries: [] }).obtain({ reference: at('v1'), digest: sha256('') })).rejects.toMatchObject({ code: 'oci.registryNotAllowed' });
  });

  describe('with signing keys', () => {
    const ours = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const stranger = generateKeyPairSync('ed25519');
    const signingKeys = [{ name: 'ours.pem', key: ours.publicKey }];

    it('takes what one of them signed, also without the registry', async () => {
      const published = await publisher.plugin('signed', [{ bytes: program('signed') }]);
      await publisher.signatures(published.digest, [stranger.privateKey, ours.privateKey]);
      const pinned = { reference: at('signed'), digest: published.digest };
      expect(await open({ signingKeys }).resolve(at('signed'))).toEqual({ digest: published.digest });
      await open({ signingKeys }).obtain(pinned);
      await registry.down();
      try {
        expect(readFileSync((await open({ signingKeys }).obtain(pinned)).path)).toEqual(program('signed'));
        // The keys of today decide, not those of the day it was fetched.
        await expect(open({ signingKeys: [{ name: 'new.pem', key: generateKeyPairSync('ed25519').publicKey }] }).obtain(pinned)).rejects.toMatchObject({ code: 'oci.badSignature' });
      } finally {
        await registry.up();
      }
    });

    it('refuses at registration and at the start what is not signed, or by somebody else, and fetches none of its files', async () => {
      const published = await publisher.plugin('unsigned', [{ bytes: program('unsigned') }]);
      const pinned = { reference: at('unsigned'), digest: published.digest };
      const programs = open({ signingKeys });
      await expect(programs.resolve(at('unsigned'))).rejects.toMatchObject({ code: 'oci.unsigned' });
      await expect(programs.obtain(pinned)).rejects.toMatchObject({ code: 'oci.unsigned' });
      await publisher.signatures(published.digest, [stranger.privateKey]);
      await expect(programs.resolve(at('unsigned'))).rejects.toMatchObject({ code: 'oci.badSignature', message: expect.stringContaining('(ours.pem)') });
      await expect(programs.obtain(pinned)).rejects.toMatchObject({ code: 'oci.badSignature' });
      expect([...test.entries('programs'), ...test.entries('work')]).toEqual([]);
    });

    it('does not start what was fetched before there were keys', async () => {
      const published = await publisher.plugin('early', [{ bytes: program('early') }]);
      const pinned = { reference: at('early'), digest: published.digest };
      await open().obtain(pinned);
      await expect(open({ signingKeys }).obtain(pinned)).rejects.toMatchObject({ code: 'oci.unsigned' });
      await publisher.signatures(published.digest, [ours.privateKey]);
      expect(readFileSync((await open({ signingKeys }).obtain(pinned)).path)).toEqual(program('early'));
    });
  });
});
