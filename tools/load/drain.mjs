/**
 * `npm run test:drain`: replaces two gateways one after the other under load, as a rolling update does, and counts the requests that got no good
 * answer. `-- --requests 50000 --clients 32 --streams 50 --workers 2` (processes of each gateway); `--no-build` takes what was built before.
 */
import { runWithServers } from './with-servers.mjs';

process.exitCode = await runWithServers('apps/edge-gateway-e2e/dist/edge/drain-main.js');
