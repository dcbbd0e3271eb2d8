'use strict';
// A plugin process that keeps every rule of the protocol but one, for the tests of the conformance kit. `run(fault, manner)`: with the manner
// `full` its manifest declares every hook, with `bare` none that has an RPC of its own.
const { join } = require('node:path');
const { BARE_ANSWERS, FULL_ANSWERS, STREAMS } = require('./faulty-conduct/answers');
const { FAULTS } = require('./faulty-conduct/faults');
const { manifestOf, SCHEMA } = require('./faulty-conduct/manifest');
const { Session } = require('./faulty-conduct/session');

const PROTOS = join(__dirname, '../../../../proto');
const FILES = ['plugin/plugin_service.proto', 'plugin/go_plugin.proto', 'config_provider/config_provider.proto', 'grpc/health/v1/health.proto'];

function run(fault, manner) {
  const change = FAULTS[fault];
  if (!change) throw new Error(`There is no fault ${fault}.`);
  const traits = {
    manner,
    cookie: () => {
      console.error('This program is a plugin; a host starts it.');
      process.exit(1);
    },
    socket: join(process.env.PLUGIN_UNIX_SOCKET_DIR ?? '', `plugin${process.pid}`),
    manifest: manifestOf(manner),
    schema: JSON.stringify(SCHEMA),
    answers: manner === 'full' ? FULL_ANSWERS : BARE_ANSWERS,
    streams: manner === 'full' ? STREAMS : {},
    maxReceiveBytes: 4 * 1024 * 1024,
    hostCertificate: process.env.PLUGIN_CLIENT_CERT,
    session: new Session(),
    early: () => undefined,
    initialize: ({ config }) => (config.slug === undefined || config.slug.includes('{') ? { success: false, error_message: 'slug is missing' } : { success: true }),
    shutdown: () => setTimeout(() => process.exit(0), 20),
  };
  Object.assign(traits, typeof change === 'function' ? change({ ...traits }) : change);
  if (process.env.AI_STUDIO_PLUGIN !== 'v1' && traits.cookie) return traits.cookie();
  if (traits.early() !== 'stop') serve(traits);
}

function serve(traits) {
  const grpc = require('@grpc/grpc-js');
  const { loadSync } = require('@grpc/proto-loader');
  const loaded = grpc.loadPackageDefinition(loadSync(FILES, { includeDirs: [PROTOS], keepCase: true, enums: String, longs: String, defaults: true }));
  const server = new grpc.Server({ 'grpc.max_receive_message_length': traits.maxReceiveBytes });
  const unary = (answer) => (call, callback) => callback(null, typeof answer === 'function' ? answer(call.request) : answer);
  const manifest = { success: true, manifest_json: JSON.stringify(traits.manifest) };
  const schema = { success: true, schema_json: traits.schema };

  const definition = watched(loaded.plugin.PluginService.service, traits);
  const handlers = {
    Initialize: unary(traits.initialize),
    Ping: unary({ healthy: true }),
    Shutdown: unary({ success: true }),
    GetManifest: unary(traits.secondManifest ? { success: true, manifest_json: JSON.stringify(traits.secondManifest) } : manifest),
    GetConfigSchema: unary(schema),
    OpenSession: (call, callback) => traits.session.open(call, callback),
    CloseSession: (call, callback) => traits.session.close(call.request.reason, callback),
  };
  for (const [name, answer] of Object.entries(traits.answers)) {
    handlers[name] = (call, callback) => (traits.onCall?.(name, call) ? undefined : answer.error ? callback({ code: 2, details: answer.error }) : unary(answer)(call, callback));
  }
  for (const name of ['HandleEndpointRequestStream', 'HandleAgentMessage']) {
    const stream = traits.streams[name];
    handlers[name] = (call) => (traits.onCall?.(name, call) ? undefined : stream ? stream(call) : call.emit('error', { code: 2, details: 'This plugin does not stream.' }));
  }
  if (traits.unimplemented) for (const name of [...Object.keys(traits.answers), 'HandleEndpointRequestStream', 'HandleAgentMessage']) delete handlers[name];
  server.addService(definition, handlers);
  server.addService(loaded.config_provider.ConfigProviderService.service, { Ping: unary(traits.ping ?? { healthy: true }), GetManifest: unary(manifest), GetConfigSchema: unary(schema) });
  server.addService(loaded.plugin.GRPCBroker.service, { StartStream: traits.broker ?? ((call) => traits.session.listen(call)) });
  server.addService(loaded.plugin.GRPCStdio.service, { StreamStdio: traits.stdio ?? (() => undefined) });
  server.addService(loaded.plugin.GRPCController.service, {
    Shutdown: (_call, callback) => {
      callback(null, {});
      traits.shutdown();
    },
  });
  server.addService(loaded.grpc.health.v1.Health.service, { Check: traits.check ?? unary({ status: 'SERVING' }) });
  const { transportSecurity } = require('../../../plugin-sdk/dist/server/transport-security.js');
  void transportSecurity(traits.hostCertificate).then(({ server: own, client, certificate }) => {
    traits.session.dialWith(grpc, client);
    server.bindAsync(`unix:${traits.socket}`, own, (error) => {
      if (error) throw error;
      process.stdout.write(`1|1|unix|${traits.socket}|grpc|${traits.certificate ?? certificate}\n`);
    });
  });
}

/** The service with decoders that tell an empty message from others, and take anything where the fault says so. */
function watched(service, { acceptsGarbage }) {
  return Object.fromEntries(
    Object.entries(service).map(([name, method]) => {
      const decode = (bytes) => {
        try {
          return Object.assign(method.requestDeserialize(bytes), { isEmpty: bytes.length === 0 });
        } catch (error) {
          if (!acceptsGarbage) throw error;
          return acceptsGarbage === 'exit' ? process.exit(2) : Object.assign(method.requestDeserialize(Buffer.alloc(0)), { config: { slug: 'x' } });
        }
      };
      return [name, { ...method, requestDeserialize: decode }];
    }),
  );
}

module.exports = { run };
