import { execFile, spawnSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Client, credentials } from '@grpc/grpc-js';
import type { AutoMtls } from '../host/plugin-host-policy';
import { type Fault, FaultyPlugins } from '../testing/faulty-plugin';
import { describeServiceApi } from '../testing/describe-service-api';
import { SuiteContext } from '../testing/suite-context';
import { definition, TestHost } from '../testing/test-host';

const EXAMPLES = resolve(__dirname, '../../../../examples/plugins');
const built = mkdtempSync(join(tmpdir(), 'slm-'));
const hasGo = spawnSync('go', ['version']).status === 0;
const plugins = new FaultyPlugins();

jest.setTimeout(60_000);

afterAll(() => {
  rmSync(built, { recursive: true, force: true });
  plugins.remove();
});

async function buildGoEcho(): Promise<string> {
  const binary = join(built, 'go-echo');
  await promisify(execFile)('go', ['build', '-o', binary, '.'], { cwd: join(EXAMPLES, 'go-echo') });
  return `file://${binary}`;
}

/** A suite whose hosts ask for certificates. */
class CertifiedContext extends SuiteContext {
  override host(): TestHost {
    return super.host({ policy: { autoMtls: 'on' } });
  }
}

describe.each([
  ['the TypeScript SDK', async () => `file://${EXAMPLES}/echo-endpoint/dist/main.js`, false],
  ['go-plugin', buildGoEcho, !hasGo],
] as const)('with certificates, a plugin built with %s', (_name, command, skip) => {
  const context = new CertifiedContext();
  if (!skip) beforeAll(() => context.prepare(command), 300_000);
  (skip ? describe.skip : describe)('has the whole service API', () => describeServiceApi(context));

  (skip ? it.skip : it)('refuses whoever does not have the certificate of its host', async () => {
    const { hosted } = await context.started();
    const folder = join(hosted.runDirectory, hosted.directories()[0]!, 's');
    const path = `unix:${join(folder, readdirSync(folder).find((name) => lstatSync(join(folder, name)).isSocket())!)}`;
    const stranger = new Client(path, credentials.createInsecure());
    await expect(new Promise<void>((done, fail) => stranger.waitForReady(Date.now() + 2_000, (error) => (error ? fail(error) : done())))).rejects.toThrow();
    stranger.close();
    await hosted.close();
  });
});

describe('certificates', () => {
  const start = (autoMtls: AutoMtls, fault: Fault) => {
    const hosted = new TestHost({ policy: { autoMtls } });
    hosted.host.apply([definition({ id: 1, deployment: plugins.deployment(fault) })]);
    return hosted;
  };

  async function notEnforced(autoMtls: AutoMtls, fault: Fault): Promise<readonly string[]> {
    const hosted = start(autoMtls, fault);
    await hosted.serving(1);
    const status = hosted.host.status(1)!;
    await hosted.close();
    return status.notEnforced.filter((sentence) => !sentence.includes('control groups'));
  }

  it('that a plugin does not have are a reason to refuse it where the operator asks for them', async () => {
    const hosted = start('on', 'none');
    const { reason } = await hosted.status(1, ({ state }) => state === 'crashed');
    await hosted.close();
    expect(reason).toBe('This host asks for certificates (PLUGIN_AUTO_MTLS=on) and the plugin has none: build it with an SDK that knows AutoMTLS, or set PLUGIN_AUTO_MTLS=auto.');
  });

  it('are not needed on a unix socket, and are offered to a plugin that turns out to listen on TCP', async () => {
    expect(await notEnforced('auto', 'none')).toEqual([]);
    expect(await notEnforced('auto', 'on-tcp-with-certificate')).toEqual([]);
  });

  it('that are missing on TCP are named in the status', async () => {
    const sentence = 'Every program of this machine can call it, because it listens on a TCP port without certificates:';
    expect(await notEnforced('auto', 'on-tcp')).toEqual([`${sentence} it was offered certificates and has none.`]);
    expect(await notEnforced('off', 'on-tcp-with-certificate')).toEqual([`${sentence} PLUGIN_AUTO_MTLS is off.`]);
  });
});
