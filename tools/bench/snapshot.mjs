/**
 * `npm run bench:snapshot`: what configuration costs on its way to gateways, at two sizes.
 * `-- --small 1000 --large 100000 --changes 1000 --gateways 1000 --only change|propagation|sync|disk|fan-out --json`; `--no-build` takes what was built before.
 */
import { runWithServers } from '../load/with-servers.mjs';

process.exitCode = await runWithServers('apps/edge-gateway-e2e/dist/snapshot-bench/bench-main.js');
