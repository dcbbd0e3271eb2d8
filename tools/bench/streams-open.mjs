/**
 * `npm run bench:streams-open`: 5,000 open event streams with an event each second for two minutes: what is lost, and what a stream costs the
 * gateway. `-- --streams 5000 --seconds 120`; `--no-build` takes what was built before.
 */
import { runWithServers } from '../load/with-servers.mjs';

process.exitCode = await runWithServers('apps/edge-gateway-e2e/dist/edge/open-streams-main.js');
