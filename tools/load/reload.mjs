/**
 * `npm run test:reload`: reloads a plugin 100 times under 200 requests a second with 50 open streams, and prints what was lost and what was left
 * over. `-- --reloads 100 --rate 200 --streams 50 --workers 2` (processes of the gateway); `--no-build` takes what was built before.
 */
import { runWithServers } from './with-servers.mjs';

process.exitCode = await runWithServers('apps/edge-gateway-e2e/dist/load/reload-main.js');
