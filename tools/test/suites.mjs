/** What `npm test` runs beside Jest: each check is one line of the summary. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../launch/prepare.mjs';

const node = (...args) => [process.execPath, ...args];

export const checks = [
  { name: 'types', command: node('node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json') },
  { name: 'lint, import rules and canaries', command: node('tools/checks/lint.mjs') },
  { name: 'generated code is fresh', command: node('tools/proto/generate.mjs', '--check') },
  { name: 'proto lint and breaking changes', command: node('tools/proto/lint.mjs') },
  { name: 'settings page is fresh', command: node('tools/docs/settings.mjs', '--check') },
  { name: 'error page is fresh', command: node('tools/docs/errors.mjs', '--check') },
  { name: 'no pending migration', command: node('apps/studio/dist/database/check-migrations.js') },
  { name: 'MCP conformance, directly and through gateways', command: node('tools/mcp/conformance.mjs'), tally: /^mcp: (\d+) required scenarios passed/m },
  {
    name: 'three gateways while everything fails that can',
    command: node('tools/load/faults.mjs', '--no-build', '--seeds', '10'),
    tally: /^faults: (\d+) passed.*/m,
    needs: ['Go', 'redis-server'],
  },
];

/** @returns how many tests passed: 0 is a failure, whose output is printed, and 1 a success that does not count what it consists of. */
export function runCheck({ name, command, tally }, environment) {
  const started = Date.now();
  const result = spawnSync(command[0], command.slice(1), { cwd: root, encoding: 'utf8', env: { ...process.env, ...environment }, maxBuffer: 1 << 26 });
  const passed = result.status === 0;
  if (!passed) console.error(`${result.stdout}${result.stderr}${result.error?.message ?? ''}`);
  console.log(`${passed ? 'ok    ' : 'FAILED'}  ${name}  (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  if (!passed) return 0;
  if (!tally) return 1;
  const [line, count] = tally.exec(result.stdout) ?? ['nothing was counted', 0];
  console.log(`        ${line}`);
  return Number(count);
}

/** Runs every Jest project. @returns Jest's own JSON report, or undefined when it wrote none. */
export function runJest(environment, reportFile, extra) {
  spawnSync(
    process.execPath,
    ['node_modules/jest/bin/jest.js', '--json', `--outputFile=${reportFile}`, '--testLocationInResults=false', '--silent=false', ...extra],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...environment, NODE_ENV: 'test' } },
  );
}

export const jestReport = (directory) => join(directory, 'jest.json');
