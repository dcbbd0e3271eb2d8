/**
 * `npm run test:hogs`: lets a plugin take more than its share in every way there is, and prints what another plugin and the gateway noticed.
 * `-- --seconds 10 --rate 200 --runs 3 --bound 2 --only logs --no-limits`; `--no-build` takes what was built before.
 */
import { runWithServers } from './with-servers.mjs';

process.exitCode = await runWithServers('apps/edge-gateway-e2e/dist/load/hog-main.js');
