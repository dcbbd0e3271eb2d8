/**
 * `npm test`: installs and builds when needed, starts a PostgreSQL and a Redis for the tests, runs every suite.
 * Arguments after `--` go to Jest, and then only Jest runs.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, install } from './launch/prepare.mjs';
import { Processes, tailOf } from './launch/processes.mjs';
import { say } from './launch/say.mjs';
import { missingNote, missingPrograms } from './test/missing-programs.mjs';
import { checks, jestReport, runCheck, runJest } from './test/suites.mjs';

const jestArguments = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), 'sluice-test-'));
let processes;
const count = { passed: 0, failed: 0, skipped: 0 };

try {
  install();
  build();
  say('starting PostgreSQL and Redis for the tests…');
  processes = new Processes(directory);
  const servers = processes.start('servers', 'libs/platform-server/dist/cli.js', { args: ['--data', join(directory, 'servers')] });
  const line = await servers.firstLine.catch(() => {
    throw new Error(`The test servers did not start:\n${tailOf(servers.logFile)}`);
  });
  const { databaseUrl, redisUrl } = JSON.parse(line);
  const environment = { TEST_DATABASE_URL: databaseUrl, TEST_REDIS_URL: redisUrl, DATABASE_URL: databaseUrl };

  if (jestArguments.length === 0) {
    for (const check of checks) {
      const missing = missingPrograms().filter((program) => check.needs?.includes(program));
      if (missing.length > 0) {
        console.log(`skipped  ${check.name}  (${missing.join(' and ')} not installed)`);
        count.skipped += 1;
        continue;
      }
      say(`checking: ${check.name}…`);
      const passed = runCheck(check, environment);
      count.passed += passed;
      if (passed === 0) count.failed += 1;
    }
  }

  say('running the test suites…');
  const { DATABASE_URL: _, ...jestEnvironment } = environment;
  runJest(jestEnvironment, jestReport(directory), jestArguments);
  countJest(jestReport(directory));
} catch (error) {
  console.error(`sluice: ${error.message}`);
  count.failed += 1;
}
await processes?.stop();
rmSync(directory, { recursive: true, force: true });
if (count.skipped > 0) console.log(`${count.skipped} skipped, each named above`);
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exit(count.failed === 0 && count.passed > 0 ? 0 : 1);

function countJest(file) {
  if (!existsSync(file)) throw new Error('Jest ended without a report, see above.');
  const report = JSON.parse(readFileSync(file, 'utf8'));
  count.passed += report.numPassedTests;
  count.failed += report.numFailedTests;
  count.skipped += report.numPendingTests + report.numTodoTests;
  // A file that could not be loaded has no failed test of its own.
  count.failed += report.testResults.filter((suite) => suite.status === 'failed' && suite.assertionResults.every((test) => test.status !== 'failed')).length;
  const skipped = report.testResults.flatMap((suite) => suite.assertionResults.filter((test) => test.status === 'pending').map((test) => test.fullName));
  if (skipped.length > 0) console.log(`Skipped on this machine:\n${skipped.map((name) => `  ${name}`).join('\n')}${missingNote()}`);
}
