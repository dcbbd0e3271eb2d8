import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describePluginHostSuite } from './plugin-host-suite';

const EXAMPLES = resolve(__dirname, '../../../../examples/plugins');
const built = mkdtempSync(join(tmpdir(), 'slg-'));
const goIsMissing = spawnSync('go', ['version']).status !== 0;

afterAll(() => rmSync(built, { recursive: true, force: true }));

describePluginHostSuite({ name: 'echo in TypeScript', command: `file://${EXAMPLES}/echo-endpoint/dist/main.js` });

describePluginHostSuite({ name: 'echo in TypeScript, called over @grpc/grpc-js', command: `file://${EXAMPLES}/echo-endpoint/dist/main.js`, transport: 'grpc-js' });

describePluginHostSuite({
  name: 'echo in Go',
  command: async () => {
    const binary = join(built, 'go-echo');
    await promisify(execFile)('go', ['build', '-o', binary, '.'], { cwd: join(EXAMPLES, 'go-echo') });
    return `file://${binary}`;
  },
  skip: goIsMissing ? 'there is no go on this machine' : undefined,
});
