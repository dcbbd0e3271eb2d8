import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeGatewayState } from '../bench/fixture.mjs';
import { choosePort } from '../launch/ports.mjs';
import { Processes, tailOf } from '../launch/processes.mjs';
import { root } from '../launch/prepare.mjs';

const READY_TIMEOUT_MS = 60_000;
const SLUG = 'mcp';
const plugin = join(root, 'examples/plugins/mcp-server/dist/main.js');

/**
 * Gateways with the MCP plugin. They live on the snapshot on their disks, and have nothing else in common than the Redis of the plugin's configuration.
 * @returns their addresses, the token of an app, and `stop`.
 */
export async function startGateways(count, redisUrl) {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-mcp-'));
  const processes = new Processes(folder);
  const stop = async () => {
    await processes.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const state = join(folder, 'state');
    const config = redisUrl === undefined ? {} : { redis_url: redisUrl };
    const { environment, token } = writeGatewayState(state, plugin, SLUG, { config, scopes: ['kv.readwrite'] });
    const names = Array.from({ length: count }, (_, index) => `gateway-${index + 1}`);
    const started = await Promise.all(names.map((name) => startGateway({ processes, folder, name, state, environment })));
    return { urls: started.map(({ url }) => url), pids: started.map(({ pid }) => pid), token, path: `/plugins/${SLUG}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startGateway({ processes, folder, name, state, environment }) {
  const ownState = join(folder, `state-of-${name}`);
  cpSync(state, ownState, { recursive: true });
  const port = await choosePort('', 0);
  const child = processes.start(name, 'apps/edge-gateway/dist/main.js', {
    env: {
      ...environment,
      NODE_ENV: 'production',
      GATEWAY_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      GATEWAY_NAME: name,
      GATEWAY_STATE_DIR: ownState,
      PLUGIN_RUN_DIR: join(folder, `run-of-${name}`),
      REDIS_URL: undefined,
      STUDIO_URL: undefined,
      STUDIO_GRPC_URL: undefined,
    },
  });
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (!(await fetch(`${url}/readyz`).then(({ ok }) => ok, () => false))) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`${name} did not become ready:\n${tailOf(child.logFile)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { url, pid: child.pid };
}
