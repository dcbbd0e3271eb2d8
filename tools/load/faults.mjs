/**
 * `npm run test:faults`: lets everything fail that can, one fault after the other, on a studio, a PostgreSQL, a Redis and three gateways with
 * traffic, on several such stacks side by side, and says what was not as it has to be. `-- --seeds 10 --first 1 --seed 7 --only Redis --stacks 3 --full --list`;
 * `--no-build` takes what was built before. See docs/fault-tests.md.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build, install, root } from '../launch/prepare.mjs';

const args = process.argv.slice(2).filter((argument) => argument !== '--no-build');
if (!process.argv.includes('--no-build')) {
  install();
  build();
}
const child = spawn(process.execPath, [join(root, 'apps/edge-gateway-e2e/dist/faults/main.js'), ...args], { cwd: root, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
process.exitCode = await new Promise((resolve, reject) => {
  child.once('error', reject);
  child.once('exit', (code) => resolve(code ?? 1));
});
