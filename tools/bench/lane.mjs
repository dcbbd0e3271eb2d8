/**
 * Prints what a unary call of the lane costs: microseconds of CPU at the client, which is this process, and at the server, which is a lane
 * server in another process or the Go peer of the tests. `-- --calls 200000 --at-once 50 --bytes 100 --runs 5 --library <folder>`; the
 * library is built before.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { processCpuMicroseconds } from './process-cpu.mjs';
import { median } from './statistics.mjs';

const root = resolve(import.meta.dirname, '../..');
const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '200000' },
    'at-once': { type: 'string', default: '50' },
    bytes: { type: 'string', default: '100' },
    runs: { type: 'string', default: '5' },
    library: { type: 'string', default: join(root, 'libs/grpc-lane/dist') },
    serve: { type: 'string' },
  },
});
const [calls, atOnce, bytes, runs] = [values.calls, values['at-once'], values.bytes, values.runs].map(Number);
const { LaneChannel, LaneServer } = createRequire(import.meta.url)(values.library);

if (values.serve) await serve(values.serve);
else await measureAll();

async function serve(path) {
  const same = (value) => value;
  const server = new LaneServer({ maxMessageBytes: Infinity });
  const echo = { path: '/test.Plan/Echo', requestStream: false, responseStream: false, requestDeserialize: same, responseSerialize: same };
  server.addService({ echo }, { echo: (call, respond) => respond(null, call.request) });
  await server.listen(path);
  console.log('ready');
  process.stdin.on('end', () => server.close()).resume();
}

async function measureAll() {
  const folder = mkdtempSync(join(tmpdir(), 'lane-bench-'));
  try {
    await measure('a lane server', process.execPath, [import.meta.filename, '--library', values.library, '--serve', join(folder, 'lane')], join(folder, 'lane'));
    const peer = join(folder, 'lane-peer');
    const built = spawnSync('go', ['build', '-o', peer, '.'], { cwd: join(root, 'libs/grpc-lane/go-peer'), stdio: 'inherit' });
    if (built.status === 0) await measure('a Go server', peer, ['serve', join(folder, 'go')], join(folder, 'go'));
    else console.log('There is no Go here, and so no Go server.');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(name, command, args, path) {
  const server = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const channel = await new Promise((done, failed) => {
    server.once('error', failed).once('exit', (code) => failed(new Error(`The server ended with ${code}.`)));
    createInterface({ input: server.stdout }).once('line', () => done(new LaneChannel({ path })));
  });
  try {
    await run(channel, Math.min(calls, 20_000));
    const results = [];
    for (let index = 0; index < runs; index++) results.push(await cost(channel, server.pid));
    const [client, peer, elapsed] = [0, 1, 2].map((at) => median(results.map((result) => result[at])).toFixed(2));
    console.log(`${name}: client ${client} µs of CPU a call, server ${peer} µs, ${elapsed} µs elapsed (medians of ${runs} runs of ${calls} calls, ${atOnce} at once, ${bytes} bytes)`);
  } finally {
    channel.close();
    server.removeAllListeners('exit');
    server.stdin.end();
  }
}

async function cost(channel, pid) {
  const [own, peer, started] = [process.cpuUsage(), processCpuMicroseconds(pid), performance.now()];
  await run(channel, calls);
  const { user, system } = process.cpuUsage(own);
  return [user + system, processCpuMicroseconds(pid) - peer, (performance.now() - started) * 1_000].map((microseconds) => microseconds / calls);
}

function run(channel, count) {
  const request = Buffer.alloc(bytes, 'x');
  return new Promise((done, failed) => {
    let begun = 0;
    let answered = 0;
    const next = () => begun++ < count && channel.unary('/test.Plan/Echo', request, { deadlineMs: 60_000 }, { onResponse, onError: failed });
    const onResponse = () => (++answered === count ? done() : next());
    for (let index = 0; index < atOnce; index++) next();
  });
}
