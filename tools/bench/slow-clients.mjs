/**
 * `npm run bench:slow-clients`: 300 connections that send or read as slowly as they are let: how long they are kept, and what good clients notice.
 * `-- --clients 300 --rate 200 --rounds 12` (a round takes half a minute); `--no-build` takes what was built before.
 */
import { runWithServers } from '../load/with-servers.mjs';

process.exitCode = await runWithServers('apps/edge-gateway-e2e/dist/edge/slow-clients-main.js');
