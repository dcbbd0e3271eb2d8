import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeGatewayState } from './fixture.mjs';
import { freePort } from './free-port.mjs';
import { childrenOf } from './process-cpu.mjs';
import { end, moveTo, start } from './processes.mjs';

const slug = 'bench';
const readyTimeoutMs = 60_000;

/** The plugin on the TypeScript SDK. */
export const sdkPlugin = join(import.meta.dirname, 'fixed-answer-plugin.cjs');

/**
 * A gateway with one plugin that has neither studio nor Redis nor Postgres: it lives on the snapshot on its disk. The plugin is moved to `pluginCore`;
 * `environment` has further settings.
 */
export async function startGateway({ core, pluginCore = core, pluginFile = sdkPlugin, environment: settings = {} }) {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const stateFolder = join(folder, 'state');
  const { environment, token } = writeGatewayState(stateFolder, pluginFile, slug);
  const port = await freePort();
  const logFile = join(folder, 'gateway.log');
  const log = openSync(logFile, 'a');
  const child = start('../../apps/edge-gateway/dist/main.js', {
    core,
    output: log,
    environment: {
      ...environment,
      ...settings,
      GATEWAY_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      GATEWAY_NAME: 'bench',
      GATEWAY_STATE_DIR: stateFolder,
      PLUGIN_RUN_DIR: join(folder, 'run'),
      REDIS_URL: undefined,
      STUDIO_URL: undefined,
      STUDIO_GRPC_URL: undefined,
    },
  });
  closeSync(log);
  const stop = async () => {
    await end(child, 30_000);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await ready(port, child);
    await check(port, '/open', {}, 200);
    await check(port, '/private', {}, 401);
    await check(port, '/private', bearer(token), 200);
  } catch (error) {
    const said = readFileSync(logFile, 'utf8').split('\n').slice(-20).join('\n');
    await stop();
    throw new Error(`${error.message}\nThe gateway's log ends with:\n${said}`);
  }
  const [pluginPid] = childrenOf(child.pid);
  if (pluginPid !== undefined) moveTo(pluginCore, pluginPid);
  return { pid: child.pid, pluginPid, port, token, open: { path: `/plugins/${slug}/open` }, private: { path: `/plugins/${slug}/private`, headers: bearer(token) }, stop };
}

const bearer = (token) => ({ authorization: `Bearer ${token}` });

async function ready(port, child) {
  const deadline = Date.now() + readyTimeoutMs;
  while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The gateway did not become ready.');
}

/** What is measured must be the answer, not an error. */
async function check(port, path, headers, status) {
  const response = await fetch(`http://127.0.0.1:${port}/plugins/${slug}${path}`, { headers });
  const text = await response.text();
  if (response.status !== status || (status === 200 && text !== 'OK')) throw new Error(`GET ${path} answered ${response.status} ${text}, not ${status}.`);
}
