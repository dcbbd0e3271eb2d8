import { execFile, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { DockerRegistry, isRegistryMissing, Publisher } from '@sluice/plugin-runtime/testing';
import { waitFor } from '@sluice/testing';
import { TestStudio, type Answer } from '../../testing/test-studio';

const GO_ECHO = resolve(__dirname, '../../../../../examples/plugins/go-echo');
const missing = [...(isRegistryMissing() ? ['docker-registry'] : []), ...(spawnSync('go', ['version']).status === 0 ? [] : ['go'])];

jest.setTimeout(60_000);

(missing.length > 0 ? describe.skip : describe)(`a plugin from a registry${missing.length > 0 ? ` (skipped: there is no ${missing.join(' and no ')} on this machine)` : ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-oci-'));
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  let program: Buffer;
  let registry: DockerRegistry;
  let publisher: Publisher;
  let studio: TestStudio;
  let first: string;
  let id: number;

  beforeAll(async () => {
    await promisify(execFile)('go', ['build', '-o', join(folder, 'echo'), '.'], { cwd: GO_ECHO });
    program = readFileSync(join(folder, 'echo'));
    registry = await DockerRegistry.start();
    publisher = new Publisher(registry.origin, 'plugins/echo');
    await registry.up();
    first = (await publisher.plugin('v1', [{ bytes: program }])).digest;
    studio = await TestStudio.start({
      environment: {
        PLUGIN_REGISTRIES: `${registry.host}/plugins`,
        PLUGIN_SIGNING_KEYS: registry.file('cosign.pub', keys.publicKey.export({ type: 'spki', format: 'pem' }).toString()),
        PLUGIN_CACHE_DIR: join(folder, 'cache'),
      },
    });
  }, 300_000);
  afterAll(async () => {
    await studio?.close();
    await registry?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const call = (method: string, path: string, body?: unknown): Promise<Answer> => studio.call(method, `/api/v1/plugins${path}`, { body });
  const register = (reference: string) => call('POST', '', { name: 'Echo', command: `oci://${registry.host}/${reference}`, config: { slug: 'oci' } });
  const state = async () => (await call('GET', `/${id}/status`)).body.data.studio;
  const detailOf = async (answer: Promise<Answer>) => {
    const { status, body } = await answer;
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body.errors).toEqual([{ pointer: '/command', detail: body.detail }]);
    return body.detail as string;
  };

  it('is refused with a sentence at the field of the command', async () => {
    expect(await detailOf(register('plugins/echo'))).toContain('names neither a tag nor a digest');
    expect(await detailOf(register('plugins/echo:never'))).toBe(`The registry ${registry.host} does not have oci://${registry.host}/plugins/echo:never.`);
    expect(await detailOf(register('elsewhere/echo:v1'))).toContain(`Plugins may not come from ${registry.host}/elsewhere/echo; allowed are ${registry.host}/plugins.`);
    expect(await detailOf(register('plugins/echo:v1'))).toContain(`There is no signature of ${first} in the registry`);
  });

  it('is pinned to the digest of its tag, and runs', async () => {
    await publisher.signatures(first, [keys.privateKey]);
    const { status, body } = await register('plugins/echo:v1');
    expect({ status, digest: body.data?.digest, body }).toMatchObject({ status: 201, digest: first });
    id = body.data.id;
    await call('PATCH', `/${id}`, { is_active: true });
    await waitFor(async () => (await state())?.state === 'ready', { timeoutMs: 20_000 });
  });

  it('stays what it was when the tag moves, until it is validated anew', async () => {
    const second = (await publisher.plugin('v1', [{ bytes: Buffer.concat([program, Buffer.from('v2')]) }])).digest;
    await call('POST', `/${id}/reload`);
    await waitFor(async () => (await state())?.generation >= 2 && (await state()).state === 'ready', { timeoutMs: 20_000 });
    expect((await call('GET', `/${id}`)).body.data.digest).toBe(first);
    expect(await detailOf(call('POST', `/${id}/validate-and-load`))).toContain(`There is no signature of ${second}`);
    expect((await state()).state).toBe('ready');

    await publisher.signatures(second, [keys.privateKey]);
    expect((await call('POST', `/${id}/validate-and-load`)).body.data.digest).toBe(second);
    await waitFor(async () => (await state())?.generation >= 3 && (await state()).state === 'ready', { timeoutMs: 20_000 });
  });

  it('goes on without its registry', async () => {
    await registry.down();
    const { generation } = await state();
    await call('POST', `/${id}/reload`);
    await waitFor(async () => (await state())?.generation > generation && (await state()).state === 'ready', { timeoutMs: 20_000 });
    expect(await detailOf(call('POST', `/${id}/validate-and-load`))).toContain(`The registry ${registry.host} is out of reach`);
    expect((await state()).state).toBe('ready');
  });
});
