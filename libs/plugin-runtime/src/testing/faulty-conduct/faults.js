'use strict';
// One switch per fault: what it changes of a plugin that keeps every rule. A function gets the plugin's traits and returns the changed ones.
const { existsSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { spawn } = require('node:child_process');
const { UNUSABLE_ANSWERS } = require('./answers');
const { Session } = require('./session');

const onInitialize = (action) => (traits) => ({
  initialize: (request) => {
    action();
    return traits.initialize(request);
  },
});
const registers = (registrations) => ({ answers }) => ({ answers: { ...answers, GetEndpointRegistrations: { registrations } } });
const session = (members) => () => ({ session: Object.assign(new Session(), members) });
/** Beside the entry file, so that each test has its own. */
const lockFile = join(require.main.path, `${process.argv[1].split('/').at(-1)}.lock`);
/** Runs on without a server. */
function stay() {
  setInterval(() => undefined, 2 ** 30);
  return 'stop';
}
const isAlive = (pid) => existsSync(`/proc/${pid}`);

const FAULTS = {
  'none': {},

  // process
  'ignore-cookie': { cookie: undefined, socket: join(process.env.PLUGIN_UNIX_SOCKET_DIR ?? '/tmp', `plugin${process.pid}`) },
  'cookie-without-a-word': { cookie: () => process.exit(1) },
  'cookie-exit-0': { cookie: () => console.error('This is a plugin.') },
  'needs-variable': { early: () => (process.env.SLUICE_TEST_VARIABLE ? undefined : process.exit(3)) },
  'one-runtime': (traits) => ({ initialize: (request) => (process.env.PLUGIN_RUNTIME === 'studio' ? { success: false, error_message: 'not in a studio' } : traits.initialize(request)) }),
  'flood': onInitialize(() => {
    const line = `${'x'.repeat(1_000)}\n`.repeat(64);
    const flood = () => process.stderr.write(line, () => setImmediate(flood));
    flood();
  }),

  // handshake
  'garbage': { early: () => console.log('Welcome to my plugin!') },
  'no-handshake': { early: () => stay() },
  'ends-before-handshake': { early: () => process.exit(3) },
  'nobody-listens': {
    early: () => {
      console.log(`1|1|unix|${process.env.PLUGIN_UNIX_SOCKET_DIR}/nobody|grpc|`);
      return stay();
    },
  },
  'socket-elsewhere': () => {
    const folder = join(process.env.PLUGIN_UNIX_SOCKET_DIR ?? '', 'elsewhere');
    mkdirSync(folder, { recursive: true });
    return { socket: join(folder, `plugin${process.pid}`) };
  },
  'handshake-twice': onInitialize(() => console.log('1|1|unix|/nowhere|grpc|')),
  'unhealthy': { check: (_call, callback) => callback(null, { status: 'NOT_SERVING' }) },
  'healthy-once': () => {
    let asked = 0;
    return { check: (_call, callback) => callback(null, { status: asked++ === 0 ? 'SERVING' : 'NOT_SERVING' }) };
  },
  'stdio-ends': { stdio: (call) => call.end() },
  'broker-ends': { broker: (call) => call.end() },
  'no-certificate': { hostCertificate: undefined },
  'unreadable-certificate': { certificate: 'bm90IGEgY2VydGlmaWNhdGU' },
  'takes-any-caller': {
    early: () => {
      const { ServerCredentials } = require('@grpc/grpc-js');
      const { createSsl } = ServerCredentials;
      ServerCredentials.createSsl = (_root, pairs) => createSsl(null, pairs, false);
    },
  },

  // description
  'unhealthy-before-initialize': { ping: { healthy: false } },
  'bad-manifest': { manifest: { id: 'test.conduct', name: 'Conduct' } },
  'no-manifest': { manifest: {} },
  'unknown-api': (traits) => ({ manifest: { ...traits.manifest, compat: { api: ['v1', 'v9'] } } }),
  'unpermitted-hook': (traits) => ({ manifest: { ...traits.manifest, permissions: { services: ['kv.readwrite'], object_hooks: ['llm.after_create'] } } }),
  'bad-schema': { schema: '{"type":"objekt"}' },
  'schema-is-no-json': { schema: 'slug: string' },
  'two-manifests': (traits) => ({ secondManifest: { ...traits.manifest, version: '2.0.0' } }),
  'ends-only-initialized': (traits) => {
    let initialized = false;
    return {
      initialize: (request) => {
        initialized = true;
        return traits.initialize(request);
      },
      shutdown: () => initialized && traits.shutdown(),
    };
  },
  'path-without-slash': registers([{ path: 'hello', methods: ['GET'] }]),
  'wildcard-in-the-middle': registers([{ path: '/a/*/b', methods: ['GET'] }]),
  'unknown-method': registers([{ path: '/*', methods: ['FETCH'] }]),
  'no-method': registers([{ path: '/*', methods: [] }]),
  'registered-twice': registers([{ path: '/*', methods: ['GET'] }, { path: '/*', methods: ['GET'] }]),
  'registers-nothing': registers([]),

  // initialize
  'refuse-initialize': { initialize: () => ({ success: false, error_message: 'api_key is required' }) },
  'exit-on-bad-config': (traits) => ({ initialize: (request) => (traits.initialize(request).success ? { success: true } : process.exit(5)) }),
  'refuse-without-reason': (traits) => ({ initialize: (request) => ({ success: traits.initialize(request).success }) }),
  'refuse-unknown-keys': (traits) => ({ initialize: (request) => ('conformance_unknown' in request.config ? { success: false, error_message: 'unknown key' } : traits.initialize(request)) }),

  // session
  'session-ends-at-once': session({ hold: (_call, callback) => callback(null, { success: true, close_reason: 'TIMEOUT' }) }),
  'one-session': () => {
    let opened = 0;
    return { session: Object.assign(new Session(), { open(call, callback) { return ++opened > 1 ? callback(null, { success: false, error_message: 'only once' }) : Session.prototype.open.call(this, call, callback); } }) };
  },
  'ignore-close': session({ close: (_reason, callback) => callback(null, { success: true }) }),
  'close-is-timeout': session({
    close(_reason, callback) {
      for (const end of [...this.sessions]) end('TIMEOUT');
      callback(null, { success: true });
    },
  }),
  'hold-cancelled-session': session({
    hold(call, callback) {
      if (this.sessions.size > 0) return callback(null, { success: false, error_message: 'a session is open' });
      return Session.prototype.hold.call(this, { request: call.request, on: () => undefined }, callback);
    },
  }),

  // broker
  'never-dial': session({ connect: () => Promise.resolve() }),
  'first-announcement-only': () => {
    let heard = false;
    return {
      session: Object.assign(new Session(), {
        heard(info) {
          if (!heard) Session.prototype.heard.call(this, info);
          heard = true;
        },
      }),
    };
  },
  'exit-when-dropped': session({ lost: () => process.exit(7) }),
  'exit-on-unknown-id': session({
    heard(info) {
      if (info.service_id !== 1) process.exit(8);
      Session.prototype.heard.call(this, info);
    },
  }),

  // calls
  'unusable-answers': (traits) => ({
    answers: UNUSABLE_ANSWERS,
    streams: {
      HandleEndpointRequestStream: (call) => call.end({ type: 'BODY', data: Buffer.from('no headers') }),
      HandleAgentMessage: (call) => call.end({ type: 'CONTENT', content: 'no end' }),
    },
    initialize: traits.initialize,
  }),
  'unusable-registrations': ({ answers }) => ({
    answers: {
      ...answers,
      GetEndpointRegistrations: {},
      GetObjectHookRegistrations: { registrations: [{ object_type: 'llm', hook_types: ['whenever'] }] },
      GetResourceTypeRegistrations: { registrations: [{ slug: 'Big Things', name: 'Things' }] },
    },
  }),
  'exit-on-empty': { onCall: (_name, { request }) => request.isEmpty && process.exit(9) },
  'unimplemented': { unimplemented: true },
  'accept-garbage': { acceptsGarbage: true },
  'exit-on-garbage': { acceptsGarbage: 'exit' },
  'undeclared': () => {
    const { FULL_ANSWERS, STREAMS } = require('./answers');
    return { answers: FULL_ANSWERS, streams: STREAMS };
  },

  // streams and messages
  'stream-runs-on': (traits) => ({
    streams: {
      ...traits.streams,
      HandleEndpointRequestStream: (call) => {
        call.write({ type: 'HEADERS', status_code: 200 });
        call.on('cancelled', () => setInterval(() => {
          const until = Date.now() + 18;
          while (Date.now() < until);
        }, 20));
      },
    },
  }),
  'stream-piles-up': (traits) => ({
    streams: {
      ...traits.streams,
      HandleEndpointRequestStream: (call) => {
        const pile = () => {
          for (let n = 0; n < 100 && !call.cancelled; n++) call.write({ type: 'BODY', data: Buffer.alloc(65_536, n) });
        };
        call.write({ type: 'HEADERS', status_code: 200 });
        for (let n = 1; n <= 30; n++) setTimeout(pile, n * 50);
      },
    },
  }),
  'small-messages': { maxReceiveBytes: 1024 * 1024 },
  'endless-messages': { maxReceiveBytes: -1 },

  // life cycle
  'lock-left-behind': onInitialize(() => {
    if (existsSync(lockFile)) process.exit(10);
    writeFileSync(lockFile, String(process.pid));
  }),
  'alone': onInitialize(() => {
    if (existsSync(lockFile) && isAlive(readFileSync(lockFile, 'utf8'))) process.exit(11);
    writeFileSync(lockFile, String(process.pid));
  }),
  'ignore-shutdown': { shutdown: () => undefined },
  'wait-for-session': () => {
    const held = Object.assign(new Session(), { close: (_reason, callback) => callback(null, { success: true }) });
    return { session: held, shutdown: () => setInterval(() => held.sessions.size === 0 && process.exit(0), 20) };
  },
  'leave-a-child': onInitialize(() => spawn('sleep', ['300'], { stdio: 'ignore' })),
};

module.exports = { FAULTS };
