import { FaultyConduct, type Manner } from '../faulty-conduct';
import { type Fault, FaultyPlugins } from '../faulty-plugin';
import { TaskPool } from '../task-pool';
import { CHECKS } from './checks';
import { RPC_ROWS } from './rpcs';
import { runConformance } from './run-conformance';
import { nameOf } from './subject/plugin-rpc';

// Real processes on a busy machine.
jest.setTimeout(180_000);

/** Long enough for a start on a slow machine; what a fault leaves hanging is waited for as long. */
const TIMEOUT_MS = 6_000;
/** For what a fault leaves hanging however long one waits. */
const HANG_MS = 2_500;

interface Row {
  fault: string;
  manner?: Manner;
  /** Check id → what its sentence says. */
  fails: Record<string, RegExp>;
}

const names = RPC_ROWS.map(({ rpc }) => nameOf(rpc));
const each = (ids: readonly string[], sentence: (name: string) => RegExp, id: (name: string) => string) => Object.fromEntries(ids.map((name) => [id(name), sentence(name)]));
const registering = ['GetEndpointRegistrations', 'GetObjectHookRegistrations', 'GetResourceTypeRegistrations'];

const TABLE: readonly Row[] = [
  { fault: 'ignore-cookie', fails: { 'cookie.missing': /Started without AI_STUDIO_PLUGIN it offers a handshake/, 'cookie.wrong': /with AI_STUDIO_PLUGIN=v0 it offers a handshake/ } },
  { fault: 'cookie-without-a-word', fails: { 'cookie.missing': /ends without a word: print one sentence/, 'cookie.wrong': /ends without a word/ } },
  { fault: 'cookie-exit-0', fails: { 'cookie.missing': /ends with exit code 0/, 'cookie.wrong': /ends with exit code 0/ } },
  { fault: 'needs-variable', fails: { 'environment.allow-list': /whole environment of this shell and not with what a host gives it/ } },
  { fault: 'one-runtime', fails: { 'environment.runtimes': /With PLUGIN_RUNTIME=studio it does not become ready.*not in a studio/ } },
  { fault: 'flood', fails: { 'output.moderate': /It writes \d+ MiB in a second.*log less/ } },

  { fault: 'garbage', fails: { 'handshake.line': /not a go-plugin handshake: "Welcome to my plugin!".*belongs on stderr/ } },
  { fault: 'no-handshake', fails: { 'handshake.line': /did not print a handshake within 2.5 s: print 1\|1\|unix/ } },
  { fault: 'ends-before-handshake', fails: { 'handshake.line': /ended before its handshake with exit code 3/ } },
  { fault: 'nobody-listens', fails: { 'handshake.line': /does not accept a connection.*listen before you print/ } },
  { fault: 'socket-elsewhere', fails: { 'handshake.address': /Its socket is \/.*\/elsewhere\/plugin\d+: make it in the directory that PLUGIN_UNIX_SOCKET_DIR names/ } },
  { fault: 'handshake-twice', fails: { 'handshake.once': /It prints a second handshake/ } },
  { fault: 'unhealthy', fails: { 'health.serving': /does not say that it is healthy: answer grpc.health.v1.Health/ } },
  { fault: 'healthy-once', fails: { 'health.again': /does not answer health check 2/ } },
  { fault: 'stdio-ends', fails: { 'services.stdio': /StreamStdio ends at once.*keep it open/ } },
  { fault: 'broker-ends', fails: { 'services.broker': /StartStream ends at once.*keep it open/ } },
  { fault: 'no-certificate', fails: { 'auto-mtls.serves': /it offers no certificate/, 'auto-mtls.refuses': /it offers no certificate/ } },
  { fault: 'takes-any-caller', fails: { 'auto-mtls.refuses': /answers a caller without the certificate of its host/ } },
  { fault: 'unreadable-certificate', fails: { 'auto-mtls.serves': /The certificate in its handshake cannot be read/ } },

  { fault: 'unhealthy-before-initialize', fails: { 'describe.ping': /healthy=false before Initialize/ } },
  { fault: 'bad-manifest', fails: { 'describe.manifest': /Its manifest cannot be used.*version/ } },
  { fault: 'no-manifest', fails: { 'describe.manifest': /It answers no manifest: embed one/ } },
  { fault: 'bad-schema', fails: { 'describe.schema': /Its config schema cannot be used/ } },
  { fault: 'schema-is-no-json', fails: { 'describe.schema': /Its config schema is no JSON/ } },
  { fault: 'two-manifests', fails: { 'describe.same': /answer two manifests: answer one from both/ } },
  { fault: 'ends-only-initialized', fails: { 'describe.ends': /does not end within 2 s when it was never initialised/ } },
  { fault: 'path-without-slash', fails: { 'registrations.paths': /the path "hello": begin a path with \// } },
  { fault: 'wildcard-in-the-middle', fails: { 'registrations.paths': /a wildcard stands only at the end/ } },
  { fault: 'unknown-method', fails: { 'registrations.methods': /the method "FETCH" for \/\*: a gateway serves GET/ } },
  { fault: 'no-method', fails: { 'registrations.methods': /names no methods and is never served/ } },
  { fault: 'registered-twice', fails: { 'registrations.unique': /It registers GET \/\* twice/ } },

  { fault: 'unknown-api', fails: { 'describe.apis': /asks under compat.api for v9.*hosts have v1/ } },
  { fault: 'unpermitted-hook', fails: { 'registrations.permitted': /registers llm.before_create, which permissions.object_hooks of its manifest does not name/ } },

  { fault: 'refuse-initialize', fails: { 'initialize.accepts': /Initialize refused the config \{"slug":"conformance"\}: "api_key is required".*--config/ } },
  { fault: 'exit-on-bad-config', fails: { 'initialize.empty': /a config without any value ended the plugin with exit code 5/, 'initialize.bare': /an empty map ended the plugin/, 'initialize.nonsense': /values that make no sense ended the plugin/ } },
  { fault: 'refuse-without-reason', fails: { 'initialize.empty': /without a reason: say in error_message/, 'initialize.bare': /without a reason/, 'initialize.nonsense': /without a reason/ } },
  { fault: 'refuse-unknown-keys', fails: { 'initialize.unknown': /because of a key that it does not know.*ignore the unknown/ } },
  { fault: 'exit-on-garbage', fails: { 'initialize.garbage': /Initialize with bytes that are no message ended the plugin with exit code 2/, 'call.HandleEndpointRequest.garbage': /ended the plugin with exit code 2/ } },

  { fault: 'session-ends-at-once', fails: { 'session.timeout': /answers TIMEOUT before its 500 ms are over/ } },
  { fault: 'one-session', fails: { 'session.again': /OpenSession answers success=false the second time/ } },
  { fault: 'ignore-close', fails: { 'session.explicit-close': /CloseSession does not end the session/, 'session.other-reason': /CloseSession does not end the session/ } },
  { fault: 'close-is-timeout', fails: { 'session.explicit-close': /ends the session with TIMEOUT: answer EXPLICIT_CLOSE/, 'session.other-reason': /ends the session with TIMEOUT: answer PLUGIN_ERROR/ } },
  { fault: 'hold-cancelled-session', fails: { 'session.deadline': /whose deadline passed, so the plugin still holds/, 'session.cancel': /that was cancelled, so the plugin still holds/ } },

  { fault: 'never-dial', fails: { 'broker.dial': /has not dialled broker id 1 by its first session/ } },
  { fault: 'first-announcement-only', fails: { 'broker.late': /success=false when the services are first used 6.5 s after Initialize.*take the next/ } },
  { fault: 'exit-when-dropped', fails: { 'broker.reconnect': /A dropped connection to the host ended the plugin with exit code 7/ } },
  { fault: 'exit-on-unknown-id', fails: { 'broker.unknown-id': /a broker id that it did not ask for ended the plugin with exit code 8/ } },

  { fault: 'unusable-answers', fails: each(names.filter((name) => !registering.includes(name)), (name) => new RegExp(`^${name}: .*[:.(].*\\.$`), (name) => `call.${name}.answers`) },
  { fault: 'unusable-registrations', fails: each(registering, (name) => new RegExp(`^${name}: It registers`), (name) => `call.${name}.answers`) },
  { fault: 'unimplemented', fails: each(names, (name) => new RegExp(`^${name} is declared by the manifest and answers UNIMPLEMENTED: serve it`), (name) => `call.${name}.empty`) },
  { fault: 'exit-on-empty', fails: { 'call.HandleEndpointRequest.empty': /with every field missing ended the plugin with exit code 9/, 'call.HandleAgentMessage.empty': /ended the plugin with exit code 9/ } },
  { fault: 'accept-garbage', fails: { 'initialize.garbage': /as if they were one: refuse what cannot be decoded/, ...each(names, (name) => new RegExp(`^${name} answers bytes that are no message`), (name) => `call.${name}.garbage`) } },
  { fault: 'unimplemented', manner: 'bare', fails: each(names.filter((name) => name !== 'AcceptEdgePayload'), (name) => new RegExp(`^${name} answers UNIMPLEMENTED: .*or declare its hook`), (name) => `default.${name}`) },
  { fault: 'undeclared', manner: 'bare', fails: { 'default.HandleEndpointRequest': /does something that the manifest does not declare: answer status_code=501/, 'default.HandleAgentMessage': /does not refuse/, 'default.ExecuteScheduledTask': /does not refuse/ } },

  { fault: 'stream-runs-on', fails: { 'stream.cancel': /After a stream was cancelled it keeps a processor busy/, 'stream.deadline': /deadline of a stream had passed it keeps a processor busy/ } },
  { fault: 'stream-piles-up', fails: { 'stream.back-pressure': /Its memory grew by \d+ MiB.*wait until a chunk is taken/ } },
  { fault: 'small-messages', fails: { 'message.large': /A request of 3.9 MiB failed with RESOURCE_EXHAUSTED.*4 MiB/ } },
  { fault: 'endless-messages', fails: { 'message.too-large': /takes requests of any size/ } },

  { fault: 'lock-left-behind', fails: { 'restart.after-kill': /The process after one that was killed does not become ready: Initialize ended the plugin with exit code 10/ } },
  { fault: 'alone', fails: { 'restart.side-by-side': /A second process beside one that serves.*exit code 11/ } },
  { fault: 'ignore-shutdown', fails: { 'shutdown.in-time': /does not end within 2 s of Shutdown/ } },
  { fault: 'wait-for-session', fails: { 'shutdown.while-busy': /does not end within 2 s while a session is open/ } },
  { fault: 'leave-a-child', fails: { 'shutdown.no-orphans': /It leaves a process behind \(pid \d+\)/ } },
];

/** Most of the time is waiting for what does not come, so several are put through the kit at a time. */
const SIDE_BY_SIDE = 4;

const conduct = new FaultyConduct();
const faulty = new FaultyPlugins();
const pool = new TaskPool(SIDE_BY_SIDE);
const healthy = (manner: Manner, only?: readonly string[]) => pool.add(() => runConformance({ target: conduct.entry('none', manner), only, timeoutMs: 20_000 }));
const prefixes = [...new Set(CHECKS.map(({ id }) => id.split('.', 1)[0]!))];

beforeAll(() => {
  process.env['SLUICE_TEST_VARIABLE'] = 'set in the shell of the author';
  pool.start();
});
afterAll(async () => {
  await pool.end();
  delete process.env['SLUICE_TEST_VARIABLE'];
  conduct.remove();
  faulty.remove();
});

it.each([
  { manner: 'full', reports: prefixes.map((prefix) => healthy('full', [prefix])), atLeast: 120 },
  // Elsewhere the two do not differ.
  { manner: 'bare', reports: [healthy('bare', ['default', 'describe', 'message'])], atLeast: 30 },
])('a plugin without a fault passes every check ($manner)', async ({ reports, atLeast }) => {
  const results = (await Promise.all(reports.map((report) => report()))).flatMap((report) => report.results);
  expect(results.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  expect(results.filter(({ outcome }) => outcome === 'passed').length).toBeGreaterThan(atLeast);
});

/** Seen by how much of a processor they take, of which the others would leave too little. */
const ALONE = new Set(['stream-runs-on']);

const broken = TABLE.map((row) => {
  const { fault, manner, fails } = { manner: 'full' as const, ...row };
  const timeoutMs = fault === 'no-handshake' ? HANG_MS : TIMEOUT_MS;
  const run = () => runConformance({ target: conduct.entry(fault, manner), only: Object.keys(fails), timeoutMs });
  return { fault, manner, fails, outcome: ALONE.has(fault) ? () => pool.idle().then(run) : pool.add(run) };
});

// Those that wait for all others come last.
it.each([...broken].sort((a, b) => Number(ALONE.has(a.fault)) - Number(ALONE.has(b.fault))))('$fault ($manner): each check that it breaks says so', async ({ fails, outcome }) => {
  const report = await outcome();
  const told = Object.fromEntries(report.results.map(({ id, outcome, reason }) => [id, `${outcome}: ${reason}`]));
  expect(told).toEqual(Object.fromEntries(Object.entries(fails).map(([id, sentence]) => [id, expect.stringMatching(new RegExp(`^failed: .*${sentence.source.replace(/^\^/, '')}`))])));
});

/** The faults that the host is tested with, as this kit tells them: each in its own words. */
const HOST_FAULTS: [Fault, string, RegExp][] = [
  ['garbage', 'handshake.line', /not a go-plugin handshake: "Welcome to my plugin!"\. Print the handshake first/],
  ['garbage-and-exit', 'handshake.line', /"Welcome to my plugin!"; it ended with exit code 4/],
  ['exit-at-once', 'handshake.line', /ended before its handshake with exit code 3.*cannot open the database/],
  ['hang-in-handshake', 'handshake.line', /did not print a handshake within/],
  ['no-line-end', 'handshake.line', /wrote "starting" without a line end/],
  ['wrong-protocol-version', 'handshake.line', /plugin protocol version "9"/],
  ['socket-that-nobody-serves', 'handshake.line', /does not accept a connection/],
  ['unhealthy', 'health.serving', /does not say that it is healthy/],
  ['stop-answering-health', 'health.again', /does not answer health check \d/],
  ['hang-in-initialize', 'initialize.accepts', /Initialize was not answered in time/],
  ['refuse-initialize', 'initialize.accepts', /Initialize refused the config .*"api_key is required"/],
  ['error-in-initialize', 'initialize.accepts', /Initialize failed with UNKNOWN "no such table"/],
  ['exit-in-initialize', 'initialize.accepts', /Initialize ended the plugin with exit code 5/],
  ['exit-after-ready', 'output.moderate', /nothing was asked of it ended the plugin with exit code 6.*about to fall/],
  ['panic-after-ready', 'output.moderate', /nothing was asked of it ended the plugin with exit code 2.*goroutine/],
  ['flood', 'output.moderate', /It writes \d+ MiB in a second/],
  ['fail-endpoints', 'call.GetEndpointRegistrations.answers', /failed with UNKNOWN "I do not know"/],
  ['fail-questions', 'default.GetObjectHookRegistrations', /failed with UNKNOWN "I do not know"/],
  ['start-a-child', 'shutdown.no-orphans', /It leaves a process behind/],
  ['ignore-shutdown', 'shutdown.in-time', /does not end within 2 s/],
];

const hosted = HOST_FAULTS.map(([fault, check, sentence]) => {
  const target = () => (faulty.deployment(fault) as { path: string }).path;
  const timeoutMs = fault === 'hang-in-handshake' || fault === 'no-line-end' ? HANG_MS : TIMEOUT_MS;
  return { fault, check, sentence, outcome: pool.add(() => runConformance({ target: target(), only: [check], timeoutMs })) };
});

it.each(hosted)('$fault is told by $check', async ({ check, sentence, outcome }) => {
  const { results } = await outcome();
  expect(results).toEqual([expect.objectContaining({ id: check, outcome: 'failed', reason: expect.stringMatching(sentence) })]);
});

it('every check is broken by a fault', () => {
  const covered = new Set(TABLE.flatMap(({ fails }) => Object.keys(fails)));
  expect(CHECKS.map(({ id }) => id).filter((id) => !covered.has(id))).toEqual([]);
});

const ending = pool.add(() => runConformance({ target: conduct.entry('exit-on-garbage', 'full'), only: ['initialize'], timeoutMs: TIMEOUT_MS }));

it('every sentence is a sentence', async () => {
  const report = await ending();
  for (const { reason } of report.results.filter(({ outcome }) => outcome === 'failed')) expect(reason).toMatch(/^[A-Z].*\.$/);
});
