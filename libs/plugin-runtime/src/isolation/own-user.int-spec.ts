import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { pinDeployment } from '../deployment/pin-deployment';
import { describeServiceApi } from '../testing/describe-service-api';
import { SuiteContext } from '../testing/suite-context';
import type { TestHost } from '../testing/test-host';

const EXAMPLES = resolve(__dirname, '../../../../examples/plugins');
const POLICY = { uidRange: { first: 232_000, last: 232_009 }, caps: { memoryMb: 1_024, pids: 200, nofile: 1_024, cpu: 2 } };
const isRoot = process.getuid?.() === 0;
const hasGo = spawnSync('go', ['version']).status === 0;
const built = mkdtempSync(join(tmpdir(), 'slu-'));

jest.setTimeout(60_000);

afterAll(() => rmSync(built, { recursive: true, force: true }));

/** A suite whose hosts give plugins as little as they can. */
class ConfinedContext extends SuiteContext {
  override host(): TestHost {
    return super.host({ policy: POLICY });
  }

  override echo(change = {}) {
    return super.echo({ limits: { network: 'none' }, ...change });
  }

  /** A pinned executable runs as a copy that its user can reach. */
  async pin(): Promise<void> {
    this.deployment = await pinDeployment(this.deployment);
  }
}

async function buildGoEcho(): Promise<string> {
  const binary = join(built, 'go-echo');
  await promisify(execFile)('go', ['build', '-o', binary, '.'], { cwd: join(EXAMPLES, 'go-echo') });
  return `file://${binary}`;
}

describe.each([
  ['the TypeScript SDK', async () => `file://${EXAMPLES}/echo-endpoint/dist/main.js`, !isRoot],
  ['go-plugin', buildGoEcho, !isRoot || !hasGo],
] as const)('under a user of its own, without a network and within limits, a plugin built with %s', (_name, command, skip) => {
  const context = new ConfinedContext();
  if (!skip) beforeAll(() => context.prepare(command).then(() => context.pin()), 300_000);
  (skip ? describe.skip : describe)('has the whole service API', () => describeServiceApi(context));

  (skip ? it.skip : it)('leaves nothing open but what this machine does not allow', async () => {
    const { hosted } = await context.started();
    const { notEnforced } = hosted.host.statuses()[0]!;
    await hosted.close();
    expect(notEnforced.filter((sentence) => !sentence.includes('this host may not make'))).toEqual([]);
  });
});
