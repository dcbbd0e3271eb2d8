'use strict';
// A plugin process with one fault, for the tests of the host. A plugin gets neither arguments nor variables of its own, so a test writes
// a tiny entry file for each fault: require('…/faulty-plugin-process.js').run('exit-at-once').
const { join } = require('node:path');

const PROTOS = join(__dirname, '../../../../proto');
const HANG = 2 ** 30;

const BEFORE_THE_HANDSHAKE = {
  'garbage': () => {
    console.log('Welcome to my plugin!');
    setInterval(() => undefined, HANG);
  },
  'garbage-and-exit': () => {
    console.error('cannot read settings.yaml');
    process.stdout.write('Welcome to my plugin!\n', () => process.exit(4));
  },
  'exit-at-once': () => {
    console.error('cannot open the database');
    process.exitCode = 3;
  },
  'hang-in-handshake': () => setInterval(() => undefined, HANG),
  'no-line-end': () => {
    process.stdout.write('starting');
    setInterval(() => undefined, HANG);
  },
  'wrong-protocol-version': () => {
    console.log('1|9|unix|/nowhere|grpc|');
    setInterval(() => undefined, HANG);
  },
  'socket-that-nobody-serves': () => {
    console.log(`1|1|unix|${process.env.PLUGIN_UNIX_SOCKET_DIR}/nobody|grpc|`);
    setInterval(() => undefined, HANG);
  },
};

/** What a fault changes of a plugin that is well otherwise. */
const AFTER_THE_HANDSHAKE = {
  'none': {},
  'on-tcp': { listen: (server, grpc) => listenOnTcp(server, grpc.ServerCredentials.createInsecure(), '') },
  'on-tcp-with-certificate': {
    listen: async (server) => {
      const { transportSecurity } = require('../../../plugin-sdk/dist/server/transport-security.js');
      const security = await transportSecurity(process.env.PLUGIN_CLIENT_CERT);
      listenOnTcp(server, security.server, security.certificate);
    },
  },
  'hang-in-initialize': { initialize: () => undefined },
  'refuse-initialize': { initialize: (_call, answer) => answer(null, { success: false, error_message: 'api_key is required' }) },
  'error-in-initialize': { initialize: (_call, answer) => answer({ code: 2, details: 'no such table' }) },
  'exit-in-initialize': { initialize: () => process.exit(5) },
  'exit-after-ready': {
    started: () => {
      console.error('2026/01/02 15:04:05 about to fall');
      setTimeout(() => process.exit(6), 300);
    },
  },
  'panic-after-ready': {
    started: () => {
      console.error('panic: index out of range\ngoroutine 1 [running]:');
      setTimeout(() => process.exit(2), 300);
    },
  },
  'ignore-shutdown': { shutdown: () => undefined, controllerShutdown: () => undefined, onSignal: () => undefined },
  'flood': {
    started: () => {
      const line = `${'x'.repeat(1_000)}\n`.repeat(64);
      const flood = (stream) => stream.write(line, () => setImmediate(flood, stream));
      flood(process.stdout);
      flood(process.stderr);
    },
  },
  'start-a-child': {
    started: () => console.error(`child ${require('node:child_process').spawn('sleep', ['300'], { stdio: 'inherit' }).pid}`),
  },
  'unhealthy': { check: (_call, answer) => answer(null, { status: 'NOT_SERVING' }) },
  'unhealthy-after-initialize': { check: theFirst(1, (_call, answer) => answer(null, { status: 'SERVING' })) },
  'stop-answering-health': { check: theFirst(2, (_call, answer) => answer(null, { status: 'SERVING' })) },
  'garbage-on-stdio': { stdio: (call) => call.write(Buffer.from([0x08, 0xff])) },
  'fail-questions': { question: (_call, answer) => answer({ code: 2, details: 'I do not know' }) },
  'fail-endpoints': { endpoints: (_call, answer) => answer({ code: 2, details: 'I do not know' }) },
};

/** Answers so many times; whatever is asked later is left hanging. */
function theFirst(times, handler) {
  let asked = 0;
  return (call, answer) => {
    if (asked++ < times) handler(call, answer);
  };
}

function listenOnTcp(server, credentials, certificate) {
  server.bindAsync('127.0.0.1:0', credentials, (error, port) => {
    if (error) throw error;
    process.stdout.write(`1|1|tcp|127.0.0.1:${port}|grpc|${certificate}\n`);
  });
}

function run(fault) {
  const early = BEFORE_THE_HANDSHAKE[fault];
  if (early) return early();
  const change = AFTER_THE_HANDSHAKE[fault];
  if (!change) throw new Error(`There is no fault ${fault}.`);
  serve(change);
}

function serve(change) {
  const grpc = require('@grpc/grpc-js');
  const { loadSync } = require('@grpc/proto-loader');
  const files = ['plugin/plugin_service.proto', 'plugin/go_plugin.proto', 'config_provider/config_provider.proto', 'grpc/health/v1/health.proto'];
  const loaded = grpc.loadPackageDefinition(loadSync(files, { includeDirs: [PROTOS], keepCase: true, enums: String, longs: String, defaults: true }));
  const server = new grpc.Server();
  const unary = (answer) => (_call, callback) => callback(null, answer);
  const manifest = { success: true, manifest_json: JSON.stringify({ id: 'test.faulty', name: 'Faulty', version: '1.0.0', capabilities: { hooks: ['custom_endpoint'] } }) };
  const registrations = { registrations: [{ path: '/*', methods: ['GET'] }] };

  server.addService(loaded.plugin.PluginService.service, {
    Initialize: change.initialize ?? unary({ success: true }),
    Ping: unary({ healthy: true }),
    Shutdown: change.shutdown ?? unary({ success: true }),
    GetManifest: change.question ?? unary(manifest),
    GetConfigSchema: change.question ?? unary({ success: true, schema_json: '{"type":"object"}' }),
    GetEndpointRegistrations: change.endpoints ?? unary(registrations),
    GetObjectHookRegistrations: change.question ?? unary({}),
    GetResourceTypeRegistrations: change.question ?? unary({}),
    HandleEndpointRequest: (call, callback) => callback(null, { status_code: 200, body: Buffer.from(call.request.relative_path) }),
    OpenSession: (_call, callback) => setTimeout(callback, 30_000, null, { success: true, close_reason: 'TIMEOUT' }).unref(),
    CloseSession: unary({ success: true }),
  });
  server.addService(loaded.config_provider.ConfigProviderService.service, {
    Ping: unary({ healthy: true }),
    GetConfigSchema: unary({ success: true, schema_json: '{"type":"object"}' }),
    GetManifest: unary(manifest),
  });
  server.addService(loaded.plugin.GRPCBroker.service, { StartStream: (call) => call.on('data', () => undefined).on('error', () => undefined) });
  const { StreamStdio: stdio } = loaded.plugin.GRPCStdio.service;
  server.addService({ StreamStdio: change.stdio ? { ...stdio, responseSerialize: (bytes) => bytes } : stdio }, { StreamStdio: change.stdio ?? (() => undefined) });
  server.addService(loaded.plugin.GRPCController.service, {
    Shutdown: change.controllerShutdown ?? ((_call, callback) => { callback(null, {}); setTimeout(() => process.exit(0), 20); }),
  });
  server.addService(loaded.grpc.health.v1.Health.service, { Check: change.check ?? unary({ status: 'SERVING' }) });
  if (change.onSignal) process.on('SIGTERM', change.onSignal);

  if (change.listen) return change.listen(server, grpc);
  const socket = join(process.env.PLUGIN_UNIX_SOCKET_DIR, `plugin${process.pid}`);
  server.bindAsync(`unix:${socket}`, grpc.ServerCredentials.createInsecure(), (error) => {
    if (error) throw error;
    process.stdout.write(`1|1|unix|${socket}|grpc|\n`);
    change.started?.();
  });
}

module.exports = { run };
