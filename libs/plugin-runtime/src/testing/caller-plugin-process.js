'use strict';
// A plugin process that reaches its host as hashicorp/go-plugin does: each dial takes one announcement, which nobody keeps for longer than 5 s,
// and makes a connection of its own. See caller-plugin.ts.
const { join } = require('node:path');

const PROTOS = join(__dirname, '../../../../proto');
const WAIT_MS = 5_000;
const BROKER_ID = 1;

/** go-plugin's GRPCBroker, the side that dials. */
class GoBroker {
  pending = new Map();

  announced({ service_id: id, address }) {
    const stream = this.stream(id);
    stream.timers.push(setTimeout(() => this.pending.delete(id), WAIT_MS).unref());
    if (stream.waiting) stream.waiting(address);
    else stream.address ??= address;
  }

  async dial(id) {
    const stream = this.stream(id);
    const address = stream.address ?? (await this.wait(stream));
    for (const timer of stream.timers) clearTimeout(timer);
    this.pending.delete(id);
    return address;
  }

  wait(stream) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('timeout waiting for connection info')), WAIT_MS);
      stream.waiting = (address) => {
        clearTimeout(timer);
        resolve(address);
      };
    });
  }

  stream(id) {
    if (!this.pending.has(id)) this.pending.set(id, { timers: [] });
    return this.pending.get(id);
  }
}

function run() {
  const grpc = require('@grpc/grpc-js');
  const { loadSync } = require('@grpc/proto-loader');
  const files = ['plugin/plugin_service.proto', 'plugin/go_plugin.proto', 'grpc/health/v1/health.proto', 'microgateway_management/microgateway_management.proto'];
  const loaded = grpc.loadPackageDefinition(loadSync(files, { includeDirs: [PROTOS], keepCase: true, enums: String, longs: String, defaults: true }));
  const broker = new GoBroker();
  const clients = [];

  const connect = async () => {
    const address = await broker.dial(BROKER_ID);
    const options = { 'grpc.default_authority': 'localhost', 'grpc.use_local_subchannel_pool': 1 };
    const client = new loaded.microgateway_management.MicrogatewayManagementService(`unix:${address}`, grpc.credentials.createInsecure(), options);
    clients.push(client);
    return client;
  };
  const call = (client, method, request, metadata = new grpc.Metadata()) =>
    new Promise((resolve, reject) => client[method](request, metadata, { deadline: Date.now() + WAIT_MS }, (error, answer) => (error ? reject(error) : resolve(answer))));

  const routes = {
    /** As many connections, each used at once and again when all are open. */
    connections: async (count) => {
      const opened = [];
      for (let n = 0; n < Number(count); n += 1) {
        opened.push(await connect());
        await call(opened[n], 'WritePluginKV', { key: `k${n}`, value: Buffer.from(String(n)) });
      }
      const answers = await Promise.all(opened.map((client, n) => call(client, 'ReadPluginKV', { key: `k${n}` })));
      return answers.map(({ value }) => value.toString());
    },
    /** Closes every connection and dials again. */
    reopen: async () => {
      for (const client of clients.splice(0)) client.close();
      const client = await connect();
      await call(client, 'WritePluginKV', { key: 'reopened', value: Buffer.from('yes') });
      return (await call(client, 'ReadPluginKV', { key: 'reopened' })).value.toString();
    },
    write: async (key, value) => call(clients[0] ?? (await connect()), 'WritePluginKV', { key, value: Buffer.from(value) }),
    /** Reads a key with the name of another plugin wherever a name can be put. @returns what came of each attempt. */
    pretend: async (pluginId, key) => {
      const client = clients[0] ?? (await connect());
      const metadata = new grpc.Metadata();
      for (const name of ['plugin-id', 'plugin_id', 'x-plugin-id', 'authorization', 'x-forwarded-for', 'service-broker-id']) metadata.set(name, pluginId);
      const context = { plugin_id: Number(pluginId), method_scope: 'kv.readwrite' };
      const keys = [key, `${pluginId}/${key}`, `../${pluginId}/${key}`, `${pluginId}:${key}`, `\u0000\u0000\u0000${String.fromCharCode(Number(pluginId))}${key}`];
      const read = (name) => call(client, 'ReadPluginKV', { context, key: name }, metadata).then(({ value }) => value.toString(), ({ code }) => code);
      return Promise.all(keys.map(read));
    },
  };

  const server = new grpc.Server();
  const unary = (answer) => (_call, callback) => callback(null, answer);
  const manifest = { id: 'test.caller', name: 'Caller', version: '1.0.0', capabilities: { hooks: ['custom_endpoint'] }, permissions: { services: ['kv.readwrite'] } };
  server.addService(loaded.plugin.PluginService.service, {
    Initialize: unary({ success: true }),
    Ping: unary({ healthy: true }),
    Shutdown: unary({ success: true }),
    GetManifest: unary({ success: true, manifest_json: JSON.stringify(manifest) }),
    GetConfigSchema: unary({ success: true, schema_json: '{"type":"object"}' }),
    GetEndpointRegistrations: unary({ registrations: [{ path: '/*', methods: ['GET'] }] }),
    HandleEndpointRequest: ({ request }, callback) => {
      const [route, ...parameters] = request.path_segments;
      routes[route](...parameters).then(
        (answer) => callback(null, { status_code: 200, body: Buffer.from(JSON.stringify(answer)) }),
        (error) => callback(null, { status_code: 500, body: Buffer.from(String(error)) }),
      );
    },
    OpenSession: (_call, callback) => setTimeout(callback, 30_000, null, { success: true, close_reason: 'TIMEOUT' }).unref(),
    CloseSession: unary({ success: true }),
  });
  server.addService(loaded.plugin.GRPCBroker.service, { StartStream: (stream) => stream.on('data', (info) => broker.announced(info)).on('error', () => undefined) });
  server.addService(loaded.plugin.GRPCController.service, { Shutdown: () => process.exit(0) });
  server.addService(loaded.plugin.GRPCStdio.service, { StreamStdio: () => undefined });
  server.addService(loaded.grpc.health.v1.Health.service, { Check: unary({ status: 'SERVING' }) });
  const socket = join(process.env.PLUGIN_UNIX_SOCKET_DIR, 'caller');
  server.bindAsync(`unix:${socket}`, grpc.ServerCredentials.createInsecure(), (error) => {
    if (error) throw error;
    process.stdout.write(`1|1|unix|${socket}|grpc|\n`);
  });
}

module.exports = { run };
