import { execFile, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Deployment } from '../deployment/deployment';
import { parseDeployment } from '../deployment/parse-deployment';
import { pinDeployment } from '../deployment/pin-deployment';
import { inspectPlugin } from '../host/inspect-plugin';
import { ask } from '../testing/echo-client';
import { memoryServiceApi } from '../testing/memory-service-api';
import { definition, isRunning, silentLogger, TestHost, until } from '../testing/test-host';
import { sha256 } from './digest';
import { PLUGIN_CONFIG_TYPE, TAR_GZIP_TYPES } from './media-types';
import type { RegistryPrograms } from './registry-programs';
import { hostPlatform } from './select-platform';
import { DockerRegistry, isRegistryMissing } from './testing/docker-registry';
import { Publisher } from './testing/publish';
import { tarOf } from './testing/tar-of';
import { TestPrograms } from './testing/test-programs';
import { simpleSigningPayload } from './verify-signature';

const GO_ECHO = resolve(__dirname, '../../../../examples/plugins/go-echo');
const missing = [...(isRegistryMissing() ? ['docker-registry'] : []), ...(spawnSync('go', ['version']).status === 0 ? [] : ['go'])];
const ID = 7;

jest.setTimeout(60_000);

(missing.length > 0 ? describe.skip : describe)(`the Go echo from a registry${missing.length > 0 ? ` (skipped: there is no ${missing.join(' and no ')} on this machine)` : ''}`, () => {
  const built = mkdtempSync(join(tmpdir(), 'slgo-'));
  const ours = generateKeyPairSync('ed25519');
  let binary: Buffer;
  let registry: DockerRegistry;
  let publisher: Publisher;
  let cache: TestPrograms;
  let programs: RegistryPrograms;
  let hosted: TestHost;

  const archiveOf = (content: Buffer) => gzipSync(tarOf([{ path: 'bin/echo', content, mode: 0o755 }]), { level: 1 });
  const publish = async (tag: string, content = binary, os = hostPlatform().os) => {
    const archive = archiveOf(content);
    const config = { mediaType: PLUGIN_CONFIG_TYPE, json: { entrypoint: 'bin/echo', os, architecture: hostPlatform().architecture } };
    return (await publisher.plugin(tag, [{ bytes: archive, mediaType: TAR_GZIP_TYPES[0] }], { config })).digest;
  };
  const signed = async (digest: string) => (await publisher.signatures(digest, [ours.privateKey]), digest);
  const pinned = (tag: string) => pinDeployment(parseDeployment(`oci://${registry.host}/plugins/go-echo:${tag}`), programs);
  const echo = (deployment: Deployment, reloads = 0) => definition({ id: ID, name: 'echo', deployment, config: { slug: 'echo', content: 'Hello' }, reloads });
  const answer = async () => (await ask(hosted.host.serving(ID)!, 'GET', '/')).json;

  beforeAll(async () => {
    await promisify(execFile)('go', ['build', '-o', join(built, 'echo'), '.'], { cwd: GO_ECHO });
    binary = readFileSync(join(built, 'echo'));
    registry = await DockerRegistry.start();
    publisher = new Publisher(registry.origin, 'plugins/go-echo');
    await registry.up();
  }, 300_000);
  afterAll(async () => {
    await registry?.remove();
    rmSync(built, { recursive: true, force: true });
  });
  beforeEach(() => {
    cache = new TestPrograms();
    programs = cache.open({ registries: [registry.host], signingKeys: [{ name: 'ours.pem', key: ours.publicKey }] });
    hosted = new TestHost({ programs, serviceApi: [memoryServiceApi([])] });
  });
  afterEach(async () => {
    await hosted.close();
    await cache.close();
  });

  it('is asked for its manifest at its registration and serves calls afterwards', async () => {
    const digest = await signed(await publish('v1'));
    const deployment = await pinned('v1');
    expect(deployment).toEqual({ kind: 'oci', reference: `oci://${registry.host}/plugins/go-echo:v1`, digest });
    const { manifestJson } = await inspectPlugin(deployment, { runtime: 'studio', runDirectory: hosted.runDirectory, logger: silentLogger(), programs });
    expect(JSON.parse(manifestJson)).toMatchObject({ capabilities: { hooks: expect.arrayContaining(['custom_endpoint']) } });
    hosted.host.apply([echo(deployment)]);
    await hosted.serving(ID);
    expect(await answer()).toMatchObject({ content: 'Hello' });
  });

  it('keeps the last good one when a new one is not what it should be, and says why', async () => {
    await signed(await publish('moving'));
    const first = await pinned('moving');
    hosted.host.apply([echo(first)]);
    await hosted.serving(ID);

    const unsigned = await publish('moving', Buffer.concat([binary, Buffer.from('changed')]));
    await expect(pinned('moving')).rejects.toMatchObject({ code: 'oci.unsigned' });
    const foreign = await signed(await publish('foreign', binary, 'plan9'));
    const broken = await signed(await publish('broken', Buffer.from('no program at all')));
    const strangers = await publish('strangers', Buffer.concat([binary, Buffer.from('strange')]));
    await publisher.signatures(strangers, [generateKeyPairSync('ed25519').privateKey]);
    const another = await publish('another', Buffer.concat([binary, Buffer.from('another')]));
    await publisher.signatures(another, [ours.privateKey], simpleSigningPayload(`${registry.host}/plugins/debug`, another));
    const cut = Buffer.concat([binary, Buffer.from('cut')]);
    const truncated = await signed(await publish('cut', cut));
    registry.truncate(sha256(archiveOf(cut)), 1_000);
    const refusals: [string, RegExp][] = [
      [unsigned, /^There is no signature of sha256:/],
      [foreign, /^The plugin is built for plan9\/.*; this host is/],
      [`sha256:${'0'.repeat(64)}`, /does not have plugins\/go-echo@sha256:0+ any more\. The tag moving now leads to sha256:/],
      [strangers, /^None of the one signature of sha256:.* was made by a key that this host trusts \(ours\.pem\)\.$/],
      [another, /^A trusted key signed sha256:\w+ as plugins\/debug, and not as plugins\/go-echo/],
      [truncated, /sent 1000 of the \d+ bytes of sha256:/],
      [broken, /./],
    ];
    for (const [n, [digest, sentence]] of refusals.entries()) {
      hosted.host.apply([echo({ ...first, digest } as Deployment, n + 1)]);
      const { state } = await hosted.status(ID, ({ reloadFailed }) => reloadFailed !== null && sentence.test(reloadFailed));
      expect(state).toBe('ready');
      expect(await answer()).toMatchObject({ content: 'Hello' });
      hosted.statuses.length = 0;
    }
  });

  it('goes on while the registry of a new one is away, and becomes the new one when it is back', async () => {
    await hosted.close();
    hosted = new TestHost({ programs, serviceApi: [memoryServiceApi([])], timings: { probeMs: 300 } });
    await signed(await publish('patient'));
    const first = await pinned('patient');
    await signed(await publish('patient', Buffer.concat([binary, Buffer.from('newer')])));
    const newer = await pinned('patient');
    hosted.host.apply([echo(first)]);
    await hosted.serving(ID);
    await registry.down();
    try {
      hosted.host.apply([echo(newer)]);
      await hosted.status(ID, ({ state, reloadFailed }) => state === 'ready' && (reloadFailed ?? '').includes(`The registry ${registry.host} is out of reach`));
      expect(await answer()).toMatchObject({ content: 'Hello' });
    } finally {
      await registry.up();
    }
    await hosted.serving(ID, 3, 40_000);
    expect(hosted.host.status(ID)).toMatchObject({ state: 'ready', reloadFailed: null });
    expect(await answer()).toMatchObject({ content: 'Hello' });
  });

  it('comes up again without its registry, after a crash and in a new host', async () => {
    await signed(await publish('kept'));
    const deployment = await pinned('kept');
    hosted.host.apply([echo(deployment)]);
    await hosted.serving(ID);
    await registry.down();
    try {
      const { pid } = hosted.host.status(ID)!;
      process.kill(pid!, 'SIGKILL');
      await hosted.serving(ID, 2);
      await until(() => !isRunning(pid!), 10_000);
      expect(await answer()).toMatchObject({ content: 'Hello' });
      await hosted.close();
      hosted = new TestHost({ programs, serviceApi: [memoryServiceApi([])] });
      hosted.host.apply([echo(deployment), { ...echo({ ...deployment, digest: `sha256:${'1'.repeat(64)}` } as Deployment), id: 8 }]);
      await hosted.serving(ID);
      expect(await answer()).toMatchObject({ content: 'Hello' });
      const { reason } = await hosted.status(8, ({ reason: why }) => why !== '');
      expect(reason).toContain(`The registry ${registry.host} is out of reach`);
    } finally {
      await registry.up();
    }
  });
});
