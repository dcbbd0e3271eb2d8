import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HostileRegistry } from './testing/hostile-registry';
import { TestPrograms } from './testing/test-programs';

const BYTES = Buffer.from('#!/bin/sh\necho good\n');
const REPOSITORY = 'plugins/echo';

describe('RegistryPrograms with a registry that nobody should trust', () => {
  let registry: HostileRegistry;
  let other: HostileRegistry;
  let test: TestPrograms;
  let plugin: ReturnType<HostileRegistry['plugin']>;
  const reference = () => `oci://${registry.host}/${REPOSITORY}:v1`;
  const open = (options = {}) => test.open({ registries: [registry.host], ...options });
  const obtain = (options = {}, digest = plugin.digest) => open(options).obtain({ reference: reference(), digest });

  beforeEach(async () => {
    test = new TestPrograms();
    [registry, other] = [await HostileRegistry.start(), await HostileRegistry.start()];
    plugin = registry.plugin(REPOSITORY, BYTES);
  });
  afterEach(async () => {
    await test.close();
    await registry.close();
    await other.close();
  });
  const nothingIsLeft = () => expect([...test.entries('programs'), ...test.entries('work')]).toEqual([]);

  it('takes the honest answer that the others are made from', async () => {
    expect(readFileSync((await obtain()).path)).toEqual(BYTES);
  });

  it('refuses another manifest than the pinned one', async () => {
    registry.serve(plugin.manifest, Buffer.from('{"mediaType":"application/vnd.oci.image.manifest.v1+json"}'));
    await expect(obtain()).rejects.toMatchObject({ code: 'oci.digestMismatch', message: expect.stringContaining(`sent a manifest that is not ${plugin.digest}`) });
    nothingIsLeft();
  });

  it('refuses a layer whose bytes were exchanged', async () => {
    registry.serve(plugin.blob, Buffer.from(BYTES.toString().replace('good', 'evil')));
    await expect(obtain()).rejects.toMatchObject({ code: 'oci.digestMismatch', message: expect.stringContaining('sent a blob that is not sha256:') });
    nothingIsLeft();
  });

  it('refuses a layer that is cut short, politely or not', async () => {
    registry.serve(plugin.blob, BYTES.subarray(0, 10));
    await expect(obtain()).rejects.toMatchObject({ code: 'oci.truncated', message: expect.stringContaining(`sent 10 of the ${BYTES.length} bytes of sha256:`) });
    registry.on(plugin.blob, (_, response) => {
      response.writeHead(200, { 'content-length': BYTES.length });
      response.write(BYTES.subarray(0, 10), () => response.destroy());
    });
    await expect(obtain()).rejects.toMatchObject({ code: 'oci.truncated', message: expect.stringContaining('broke off in the middle') });
    nothingIsLeft();
  });

  it('refuses a layer that does not end, after its last promised byte', async () => {
    let written = 0;
    registry.on(plugin.blob, (_, response) => {
      const more = () => {
        written += 65_536;
        if (!response.destroyed) response.write(Buffer.alloc(65_536), more);
      };
      more();
    });
    await expect(obtain()).rejects.toMatchObject({ code: 'oci.digestMismatch', message: expect.stringContaining(`more than the ${BYTES.length} bytes`) });
    expect(written).toBeLessThan(50_000_000);
    nothingIsLeft();
  });

  it('refuses a manifest and a plugin that are too large before they are here', async () => {
    const { digest } = registry.plugin(REPOSITORY, BYTES, 3 * 1024 ** 3);
    await expect(obtain({}, digest)).rejects.toMatchObject({ code: 'oci.tooLarge' });
    registry.serve(plugin.manifest, Buffer.alloc(200_000, ' '));
    await expect(obtain({ limits: { documentBytes: 100_000 } })).rejects.toMatchObject({ code: 'oci.tooLarge' });
    nothingIsLeft();
  });

  it('does not wait for ever, neither for an answer nor for its end', async () => {
    registry.on(plugin.manifest, () => undefined);
    await expect(obtain({ limits: { answerMs: 300 } })).rejects.toMatchObject({ code: 'oci.registryTimedOut', message: expect.stringContaining('did not answer in time') });
    plugin = registry.plugin(REPOSITORY, BYTES);
    registry.on(plugin.blob, (_, response) => void response.write('#'));
    await expect(obtain({ limits: { silenceMs: 300 } })).rejects.toMatchObject({ code: 'oci.registryTimedOut', message: expect.stringContaining('did not send everything in time') });
    plugin = registry.plugin(REPOSITORY, Buffer.alloc(10_000, '#'));
    registry.on(plugin.blob, (_, response) => {
      const timer = setInterval(() => response.write('#'), 20);
      response.on('close', () => clearInterval(timer));
    });
    await expect(obtain({ limits: { totalMs: 700 } })).rejects.toMatchObject({ code: 'oci.registryTimedOut' });
    nothingIsLeft();
  });

  it('stops when nobody waits any more', async () => {
    registry.on(plugin.blob, (_, response) => void response.write('#'));
    const controller = new AbortController();
    const obtaining = open().obtain({ reference: reference(), digest: plugin.digest }, controller.signal);
    setTimeout(() => controller.abort(new Error('The plugin was removed.')), 200);
    await expect(obtaining).rejects.toThrow('The plugin was removed.');
    await new Promise((resolve) => setTimeout(resolve, 200));
    nothingIsLeft();
  });

  it.each([
    [500, 'oci.registryFailed', 'answered with status 500'],
    [429, 'oci.registryFailed', 'asked too often'],
    [403, 'oci.accessDenied', 'does not let this host read plugins/echo (status 403)'],
  ])('says what status %i means', async (status, code, part) => {
    registry.on(plugin.manifest, (_, response) => void response.writeHead(status).end('<html>'));
    await expect(obtain()).rejects.toMatchObject({ code, message: expect.stringContaining(part) });
  });

  describe('with credentials', () => {
    const auth = `Basic ${Buffer.from('ada:secret').toString('base64')}`;
    const authFile = () => {
      const path = join(test.cacheDirectory, 'auth.json');
      writeFileSync(path, JSON.stringify({ auths: { [registry.host]: { auth: auth.slice('Basic '.length) } } }));
      return path;
    };
    const askBasic = (path: string, bytes: Buffer) =>
      registry.on(path, (request, response) => void (request.headers.authorization === auth ? response.end(bytes) : response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end()));

    it('does not take them along to where it is redirected', async () => {
      registry.on(plugin.blob, (request, response) => {
        if (request.headers.authorization !== auth) response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
        else response.writeHead(307, { location: `http://user:pass@${other.host}/storage/blob?signature=1` }).end();
      });
      other.serve('/storage/blob', BYTES);
      expect(readFileSync((await obtain({ authFile: authFile() })).path)).toEqual(BYTES);
      expect(other.requests).toEqual([{ path: '/storage/blob?signature=1', authorization: undefined }]);
    });

    it('does not log in where it is redirected to, at whatever token server is named there', async () => {
      registry.on(plugin.blob, (_, response) => void response.writeHead(307, { location: `http://${other.host}/storage/blob` }).end());
      for (const challenge of [`Bearer realm="http://${other.host}/token",service="s"`, 'Basic realm="x"']) {
        other.on('/storage/blob', (_, response) => void response.writeHead(401, { 'www-authenticate': challenge }).end());
        await expect(obtain({ authFile: authFile() })).rejects.toMatchObject({ code: 'oci.accessDenied', message: expect.stringContaining(`redirects to ${other.host}, which asks for a login`) });
      }
      expect(other.requests).toEqual(Array(2).fill({ path: '/storage/blob', authorization: undefined }));
      expect(registry.requests.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
    });

    it('checks what it is redirected to all the same, and does not follow for ever', async () => {
      registry.on(plugin.blob, (_, response) => void response.writeHead(302, { location: `http://${other.host}/storage/blob` }).end());
      other.serve('/storage/blob', Buffer.from('something else'.padEnd(BYTES.length)));
      await expect(obtain()).rejects.toMatchObject({ code: 'oci.digestMismatch' });
      registry.on(plugin.blob, (_, response) => void response.writeHead(302, { location: plugin.blob }).end());
      await expect(obtain()).rejects.toMatchObject({ code: 'oci.registryFailed', message: expect.stringContaining('redirects more than 5 times') });
      registry.on(plugin.blob, (_, response) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end());
      await expect(obtain()).rejects.toMatchObject({ code: 'oci.registryFailed', message: expect.stringContaining('not an address') });
    });

    it('asks with them only when it is asked for them', async () => {
      askBasic(plugin.blob, BYTES);
      await obtain({ authFile: authFile() });
      expect(registry.requests.map(({ authorization }) => authorization)).toEqual([undefined, undefined, auth]);
    });

    it('says when there are none, when they are wrong, and when the file is not what it should be', async () => {
      askBasic(plugin.manifest, Buffer.alloc(0));
      await expect(obtain()).rejects.toMatchObject({ code: 'oci.accessDenied', message: expect.stringContaining('PLUGIN_REGISTRY_AUTH_FILE has no credentials for it') });
      registry.on(plugin.manifest, (_, response) => void response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end());
      await expect(obtain({ authFile: authFile() })).rejects.toMatchObject({ code: 'oci.accessDenied', message: expect.stringContaining('check the credentials') });
      await expect(obtain({ authFile: '/nowhere/auth.json' })).rejects.toMatchObject({ code: 'oci.badCredentials' });
      registry.on(plugin.manifest, (_, response) => void response.writeHead(401, { 'www-authenticate': 'Negotiate' }).end());
      await expect(obtain({ authFile: authFile() })).rejects.toMatchObject({ code: 'oci.accessDenied', message: expect.stringContaining('(negotiate)') });
    });

    it('takes no token from a server without an address, without a token, or that says no', async () => {
      const challenge = (realm: string) => registry.on(plugin.manifest, (_, response) => void response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}",service="s"` }).end());
      challenge('ftp://x/token');
      await expect(obtain()).rejects.toMatchObject({ code: 'oci.registryFailed', message: expect.stringContaining('names a token server that cannot be used') });
      challenge(`http://${other.host}/token`);
      await expect(obtain()).rejects.toMatchObject({ code: 'oci.registryFailed', message: expect.stringContaining('gave no token (status 404)') });
      other.serve('/token', Buffer.from('{"token":""}'));
      await expect(obtain()).rejects.toMatchObject({ code: 'oci.registryFailed' });
      other.on('/token', (_, response) => void response.writeHead(401).end());
      await expect(obtain({ authFile: authFile() })).rejects.toMatchObject({ code: 'oci.accessDenied', message: expect.stringContaining('refuses the credentials') });
    });
  });

  it('does not believe a signature tag that leads somewhere else', async () => {
    registry.serve(`/v2/${REPOSITORY}/manifests/sha256-${plugin.digest.slice(7)}.sig`, Buffer.from('{"manifests":[]}'));
    await expect(obtain({ signingKeys: [{ name: 'k', key: generateKeyPairSync('ed25519').publicKey }] })).rejects.toMatchObject({ code: 'oci.unsigned' });
    expect(registry.requests.map(({ path }) => path)).not.toContain(plugin.blob);
  });
});
