/** Starts a PostgreSQL and a Redis, and runs a built program of the e2e tests with them and with the arguments of this process. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, install, root } from '../launch/prepare.mjs';
import { Processes, tailOf } from '../launch/processes.mjs';

/** @returns the exit code of the program. */
export async function runWithServers(program) {
  const args = process.argv.slice(2).filter((argument) => argument !== '--no-build');
  if (!process.argv.includes('--no-build')) {
    install();
    build();
  }
  const directory = mkdtempSync(join(tmpdir(), 'sluice-load-'));
  const processes = new Processes(directory);
  try {
    const servers = processes.start('servers', 'libs/platform-server/dist/cli.js', { args: ['--data', join(directory, 'servers')] });
    const line = await servers.firstLine.catch(() => {
      throw new Error(`The servers did not start:\n${tailOf(servers.logFile)}`);
    });
    const { databaseUrl, redisUrl } = JSON.parse(line);
    return await run(program, args, { TEST_DATABASE_URL: databaseUrl, TEST_REDIS_URL: redisUrl });
  } finally {
    await processes.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

function run(program, args, environment) {
  // Its own helper threads shall not be what makes the services wait.
  const child = spawn(process.execPath, ['--v8-pool-size=1', join(root, program), ...args], { cwd: root, stdio: 'inherit', env: { ...process.env, ...environment } });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
