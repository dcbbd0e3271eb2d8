/** `npm run test:mcp`: the official MCP conformance runner against the example plugin. `-- --no-build` takes what was built before. */
import { runWithServers } from '../load/with-servers.mjs';

process.exitCode = await runWithServers('tools/mcp/conformance.mjs');
