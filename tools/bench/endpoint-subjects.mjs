import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sdkPlugin, startGateway } from './gateway.mjs';
import { buildGoPrograms, goIsMissing, startPluginAlone, startReference } from './go-programs.mjs';
import { nginxIsMissing, startNginx } from './nginx.mjs';
import { end, firstLine, start } from './processes.mjs';

const require = createRequire(import.meta.url);

export const HELLO = 'node:http hello';
export const REFERENCE = 'Go reference (gin, grpc-go)';
export const NGINX = 'nginx grpc_pass';

/**
 * Starts what is compared, each on the server's core with its plugin on `pluginCore`. @returns the subjects by name, the names of those that cannot be
 * measured here with the reason, and how to end them all. A subject says where its requests go and which processes serve them.
 */
export async function startSubjects({ core, pluginCore, only }) {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const subjects = {};
  const skipped = {};
  const stops = [];
  const stop = async () => {
    await Promise.all(stops.reverse().map((each) => each()));
    rmSync(folder, { recursive: true, force: true });
  };
  const wanted = (name) => only === undefined || only.split(',').some((part) => name.toLowerCase().includes(part.toLowerCase()));
  const add = async (name, starting) => {
    const subject = await starting();
    stops.push(subject.stop);
    subjects[name] = subject;
  };
  const addGateway = (name, pluginFile, transport) =>
    wanted(name) &&
    add(name, async () => {
      const gateway = await startGateway({ core, pluginCore, pluginFile, environment: { PLUGIN_TRANSPORT: transport } });
      return { ...gateway, ...gateway.private };
    });

  try {
    await add(HELLO, () => startHello(core));
    if (goIsMissing) for (const name of [REFERENCE, NGINX, 'Sluice, grpc-js, Go plugin', 'Sluice, lane, Go plugin']) skipped[name] = 'there is no Go here';
    else {
      const programs = buildGoPrograms(folder);
      await addBehindOnePlugin(programs);
      await addGateway('Sluice, grpc-js, Go plugin', programs.plugin, 'grpc-js');
      await addGateway('Sluice, lane, Go plugin', programs.plugin, 'lane');
    }
    await addGateway('Sluice, lane, SDK plugin', sdkPlugin, 'lane');
  } catch (error) {
    await stop();
    throw error;
  }
  return { subjects, skipped, stop };

  async function addBehindOnePlugin(programs) {
    if (!wanted(REFERENCE) && !wanted(NGINX)) return;
    const plugin = await startPluginAlone(programs.plugin, pluginCore);
    stops.push(plugin.stop);
    const { socket, pid: pluginPid } = plugin;
    const token = randomBytes(24).toString('base64url');
    if (wanted(REFERENCE)) {
      await add(REFERENCE, async () => ({ ...(await startReference(programs.reference, { core, socket, token })), pluginPid, ...askedWith(token) }));
    }
    if (!wanted(NGINX)) return;
    if (nginxIsMissing) skipped[NGINX] = 'there is no nginx here';
    else await add(NGINX, async () => ({ ...(await startNginx({ core, folder, socket })), pluginPid, body: encodedRequest() }));
  }
}

async function startHello(core) {
  const child = start('hello.mjs', { core });
  return { pid: child.pid, port: Number(await firstLine(child)), path: '/', stop: () => end(child) };
}

const askedWith = (token) => ({ path: '/plugins/bench/private', headers: { authorization: `Bearer ${token}` } });

/** What the gateways send for such a request, with gRPC's prefix. */
function encodedRequest() {
  const { EndpointRequest } = require('@sluice/contracts/plugin');
  const app = { id: 500, name: 'App 500', description: '', ownerEmail: 'owner@example.com', isActive: true, monthlyBudget: 0, rateLimit: 0, metadata: { team: 'search' }, pluginResources: [] };
  const request = EndpointRequest.fromPartial({
    method: 'GET', path: '/plugins/bench/private', relativePath: '/private', pathSegments: ['private'], remoteAddr: '127.0.0.1', host: '127.0.0.1:8080', protocol: 'http',
    context: { requestId: randomBytes(16).toString('hex'), appId: app.id, metadata: { edge_id: 'bench', edge_namespace: '' } }, authenticated: true, app,
  });
  const message = EndpointRequest.encode(request).finish();
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]).toString('base64');
}
