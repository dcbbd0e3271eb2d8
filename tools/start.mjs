/**
 * `npm start`: PostgreSQL, Redis, studio, gateway and the demo plugin on this machine, in the foreground.
 * `--check` calls the printed curl line and ends; `--data <folder>` keeps the demo's data elsewhere.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { demoPlugin, seedDemo } from './launch/demo.mjs';
import { choosePort } from './launch/ports.mjs';
import { build, install, root } from './launch/prepare.mjs';
import { Processes, tailOf } from './launch/processes.mjs';
import { say } from './launch/say.mjs';
import { loadSecrets } from './launch/secrets.mjs';

const READY_TIMEOUT_MS = 60_000;
const { values: flags } = parseArgs({ options: { check: { type: 'boolean', default: false }, data: { type: 'string', default: join(root, '.sluice/demo') } } });
const dataDirectory = resolve(flags.data);
/** Sockets live here: their paths have at most 107 bytes, which a deep checkout would use up. */
const runDirectory = join(tmpdir(), `sluice-${createHash('sha256').update(dataDirectory).digest('hex').slice(0, 8)}`);

let processes;
let fail;
let running = false;
const failure = new Promise((_, reject) => {
  fail = (message) => reject(new Error(message));
});
failure.catch(() => {});

/** Until all is up, the end of any process is a failure; afterwards the rest goes on, as it would in production. */
const onExit = (message) => (running ? say(message) : fail(message));

const interrupted = new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => resolve('interrupted'));
});

/** Waits for a URL to answer 2xx, or for the process behind it to end. */
async function ready(url, child) {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  let last = 'no answer';
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
      if (response.ok) return;
      last = `${response.status} ${await response.text()}`;
    } catch (error) {
      last = error.cause?.code ?? error.message;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${url} did not become ready (${last}). The end of ${child.logFile}:\n${tailOf(child.logFile)}`);
}

async function startServers() {
  const own = { databaseUrl: process.env.DATABASE_URL, redisUrl: process.env.REDIS_URL };
  if (own.databaseUrl && own.redisUrl) return { ...own, queueBackend: process.env.QUEUE_BACKEND ?? 'redis' };
  say(`starting ${[own.databaseUrl ? '' : 'PostgreSQL', own.redisUrl ? '' : 'Redis'].filter(Boolean).join(' and ')}…`);
  const child = processes.start('servers', 'libs/platform-server/dist/cli.js', {
    args: ['--data', join(dataDirectory, 'servers'), ...(own.databaseUrl ? ['--no-postgres'] : []), ...(own.redisUrl ? ['--no-redis'] : [])],
    onExit,
  });
  const line = await child.firstLine.catch(() => {
    throw new Error(`The database servers did not start. The end of ${child.logFile}:\n${tailOf(child.logFile)}`);
  });
  const servers = JSON.parse(line);
  return {
    databaseUrl: own.databaseUrl ?? servers.databaseUrl,
    redisUrl: own.redisUrl ?? servers.redisUrl,
    // A Redis written in JavaScript carries announcements well, and queues badly.
    queueBackend: !own.redisUrl && servers.redisKind === 'js-redis-server' ? 'postgres' : 'redis',
  };
}

async function start() {
  const own = new Processes(dataDirectory);
  await own.endLeftovers();
  // Not before: what another launcher runs here is not for this one to stop.
  processes = own;
  install();
  build();
  mkdirSync(runDirectory, { recursive: true, mode: 0o700 });
  const secrets = loadSecrets(dataDirectory);
  const studioPort = await choosePort('STUDIO_PORT', 3000);
  const studioGrpcPort = await choosePort('STUDIO_GRPC_PORT', 3001);
  const gatewayPort = await choosePort('GATEWAY_PORT', 8081);
  const studioUrl = `http://127.0.0.1:${studioPort}`;
  const gatewayUrl = `http://127.0.0.1:${gatewayPort}`;

  const servers = await startServers();
  const shared = { REDIS_URL: servers.redisUrl, EDGE_SHARED_KEY: secrets.edgeSharedKey, EDGE_JOIN_TOKEN: secrets.edgeJoinToken };

  say('starting the studio…');
  const studio = processes.start('studio', 'apps/studio/dist/main.js', {
    env: {
      ...shared,
      STUDIO_ROLE: 'all',
      STUDIO_HOST: '127.0.0.1',
      STUDIO_PORT: String(studioPort),
      STUDIO_GRPC_PORT: String(studioGrpcPort),
      STUDIO_PUBLIC_URL: studioUrl,
      DATABASE_URL: servers.databaseUrl,
      QUEUE_BACKEND: servers.queueBackend,
      STUDIO_SECRET_KEY: secrets.studioSecretKey,
      SNAPSHOT_SIGNING_KEY: secrets.snapshotSigningKey,
      STUDIO_ADMIN_EMAIL: secrets.adminEmail,
      STUDIO_ADMIN_PASSWORD: secrets.adminPassword,
      PLUGIN_RUN_DIR: join(runDirectory, 's'),
    },
    onExit,
  });
  await ready(`${studioUrl}/readyz`, studio);

  say('starting the gateway…');
  const gateway = processes.start('gateway', 'apps/edge-gateway/dist/main.js', {
    env: {
      ...shared,
      GATEWAY_HOST: '127.0.0.1',
      GATEWAY_PORT: String(gatewayPort),
      GATEWAY_NAME: 'demo-gateway',
      GATEWAY_STATE_DIR: join(dataDirectory, 'gateway'),
      PLUGIN_RUN_DIR: join(runDirectory, 'g'),
      STUDIO_URL: studioUrl,
      STUDIO_GRPC_URL: `127.0.0.1:${studioGrpcPort}`,
      SNAPSHOT_PUBLIC_KEYS: secrets.snapshotPublicKey,
    },
    onExit,
  });
  await ready(`${gatewayUrl}/livez`, gateway);

  say('setting up the demo plugin, an app and its token…');
  const demo = await seedDemo(studioUrl, secrets, dataDirectory);
  await ready(`${gatewayUrl}/plugins/${demoPlugin.name}/ready`, gateway);
  return { studioUrl, gatewayUrl, studioPid: studio.pid, secrets, demo };
}

function curlLine({ gatewayUrl, demo }) {
  return `curl -s -H "Authorization: Bearer ${demo.token}" "${gatewayUrl}/plugins/${demoPlugin.name}/private/hello?x=1"`;
}

function describe(started) {
  const { studioUrl, gatewayUrl, studioPid, secrets, demo } = started;
  console.log(`
  Studio     ${studioUrl}        API: ${studioUrl}/api/docs
  Gateway    ${gatewayUrl}
  Login      ${secrets.adminEmail} / ${secrets.adminPassword}

  For the tour in README.md:
    export STUDIO=${studioUrl} STUDIO_PID=${studioPid}
    export GATEWAY=${gatewayUrl}
    export SLUICE_API_KEY=${demo.apiKey}
    export APP_TOKEN=${demo.token}

  Try it:
    ${curlLine(started)}
`);
}

/** Runs the printed line; on a machine without curl, the same request. */
async function prove(started) {
  const line = curlLine(started);
  const curl = spawnSync('sh', ['-c', line], { encoding: 'utf8', timeout: 15_000 });
  const text = curl.status === 127 ? await fetchLike(started) : curl.stdout;
  if (curl.status !== 0 && curl.status !== 127) throw new Error(`The curl line failed with exit code ${curl.status}: ${curl.stderr}`);
  const answer = JSON.parse(text);
  if (answer.relative_path !== '/private/hello' || answer.authenticated !== true || answer.app?.name !== 'demo') {
    throw new Error(`The curl line answered something else than the demo plugin's echo: ${text}`);
  }
  say(`checked: the demo plugin answered ${answer.method} ${answer.path} for app "${answer.app.name}".`);
}

async function fetchLike({ gatewayUrl, demo }) {
  const response = await fetch(`${gatewayUrl}/plugins/${demoPlugin.name}/private/hello?x=1`, { headers: { authorization: `Bearer ${demo.token}` } });
  return response.text();
}

let exitCode = 0;
try {
  const demo = await Promise.race([start(), failure, interrupted]);
  if (demo !== 'interrupted') {
    running = true;
    describe(demo);
    if (flags.check) await prove(demo);
    else {
      say('ready. Ctrl-C ends it.');
      await interrupted;
    }
  }
} catch (error) {
  console.error(`sluice: ${error.message}`);
  exitCode = 1;
}
if (processes) {
  say('stopping…');
  await processes.stop();
  rmSync(runDirectory, { recursive: true, force: true });
}
process.exit(exitCode);
