/** ESLint and dependency-cruiser over the workspace, and the canaries that prove their rules are switched on. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import { canaries } from './canary/canaries.mjs';

process.env.NX_DAEMON = 'false';
const root = join(import.meta.dirname, '..', '..');
let failures = 0;

const fail = (message) => {
  failures += 1;
  console.error(message);
};

const eslint = new ESLint({ cwd: root });
const results = await eslint.lintFiles(['libs', 'apps', 'examples', 'tools']);
const report = await (await eslint.loadFormatter('stylish')).format(results);
if (report) console.error(report);
if (results.some((result) => result.errorCount + result.warningCount > 0)) fail('eslint: mend the findings above.');
else console.log(`eslint: ${results.length} files are clean.`);

for (const canary of canaries) {
  const [result] = await eslint.lintText(canary.source, { filePath: join(root, canary.path) });
  if (result?.messages.some((message) => message.ruleId === canary.rule)) console.log(`canary: refused as it must be, ${canary.why}.`);
  else fail(`canary: ${canary.rule} is not switched on: ${canary.why} (${canary.path}), and lint let it pass.`);
}

const depcruise = (...paths) =>
  spawnSync(process.execPath, [join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'), '--config', '.dependency-cruiser.cjs', ...paths], {
    cwd: root,
    encoding: 'utf8',
  });

const cruised = depcruise('libs', 'apps', 'examples');
process.stdout.write(cruised.stdout);
if (cruised.status !== 0) fail(`dependency-cruiser: mend the violations above. ${cruised.stderr}`);

const cycle = depcruise('tools/checks/canary/cycle');
if (cycle.status !== 0 && cycle.stdout.includes('no-circular')) console.log('canary: refused as it must be, two files that import each other.');
else fail(`canary: no-circular is not switched on: the cycle in tools/checks/canary/cycle passed. ${cycle.stderr}`);

process.exit(failures === 0 ? 0 : 1);
