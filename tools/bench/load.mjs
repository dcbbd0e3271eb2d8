/**
 * Puts a server under load: each connection sends its next request when the last answer is complete, without pipelining, or, with a `rate`, when
 * it is time for one. A process of its own, so that it never competes with what it measures for an event loop.
 *
 * node load.mjs '{"port", "method", "path", "headers", "body", "connections", "rate", "settleSeconds", "seconds", "pid", "pluginPid"}' prints one line
 * of JSON. `body` is base64; `rate` is requests a second; the process ids are of the server that is measured (or of all its processes) and of the plugin behind it.
 */
import { LoadConnection } from './load-connection.mjs';
import { PacedLoad } from './paced-load.mjs';
import { busyMicroseconds, processCpuMicroseconds, residentBytes } from './process-cpu.mjs';
import { percentile } from './statistics.mjs';

const { port, method = 'GET', path, headers = {}, body, connections, rate, settleSeconds, seconds, pid, pluginPid } = JSON.parse(process.argv[2]);

function requestBytes() {
  const content = Buffer.from(body ?? '', 'base64');
  const fields = { host: `127.0.0.1:${port}`, ...headers, ...(body === undefined ? {} : { 'content-length': content.length }) };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1'), content]);
}

let measuring = false;
let stopped = false;
let paced;
const latencies = [];

function onAnswer(connection, milliseconds) {
  if (measuring) latencies.push(milliseconds);
  if (stopped) return;
  if (paced === undefined) connection.send(performance.now());
  else paced.free(connection);
}

function onFault(error) {
  if (stopped) return;
  console.error(error.message);
  process.exit(1);
}

const after = (duration) => new Promise((resolve) => setTimeout(resolve, duration * 1000));
const pids = [pid].flat();
const sum = (of) => pids.reduce((total, each) => total + of(each), 0);
const selfMicroseconds = () => processCpuMicroseconds(process.pid);
const used = () => ({ server: sum(processCpuMicroseconds), plugin: pluginPid === undefined ? 0 : processCpuMicroseconds(pluginPid), self: selfMicroseconds(), all: busyMicroseconds(), at: performance.now() });

const request = requestBytes();
const open = Array.from({ length: connections }, () => new LoadConnection({ port, request, onAnswer, onFault }));
await Promise.all(open.map((connection) => connection.opened()));
if (rate === undefined) for (const connection of open) connection.send(performance.now());
else paced = new PacedLoad(open, rate);

await after(settleSeconds);
const before = used();
measuring = true;
await after(seconds);
measuring = false;
const now = used();
const rss = sum(residentBytes);
stopped = true;
paced?.stop();
for (const connection of open) connection.close();

const count = latencies.length;
if (count === 0) onFault(new Error('No answer in the measured time'));
const sorted = Float64Array.from(latencies).sort();
const elapsed = (now.at - before.at) * 1000;
const spent = (name) => now[name] - before[name];
console.log(
  JSON.stringify({
    requests: count,
    requestsPerSecond: (count / elapsed) * 1e6,
    cpuMicroseconds: spent('server') / count,
    pluginMicroseconds: spent('plugin') / count,
    loadShare: spent('self') / elapsed,
    foreignCores: Math.max(0, (spent('all') - spent('server') - spent('plugin') - spent('self')) / elapsed),
    p50Milliseconds: percentile(sorted, 0.5),
    p99Milliseconds: percentile(sorted, 0.99),
    residentBytes: rss,
  }),
);
