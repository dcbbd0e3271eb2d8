/**
 * Puts a server under load: each connection sends its next request when the last answer is complete, without pipelining. A process of its own, so that
 * it never competes with what it measures for an event loop; raw sockets, so that it costs little of the machine.
 *
 * node load.mjs '{"port", "path", "headers", "connections", "warmupSeconds", "seconds", "pid"}' prints one line of JSON.
 */
import { connect } from 'node:net';
import { processCpuMicroseconds } from './process-cpu.mjs';
import { percentile } from './statistics.mjs';

const { port, path, headers = {}, connections, warmupSeconds, seconds, pid } = JSON.parse(process.argv[2]);
const lines = Object.entries({ host: `127.0.0.1:${port}`, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
const request = Buffer.from(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1');

let measuring = false;
let stopped = false;
const latencies = [];

function fail(message) {
  console.error(message);
  process.exit(1);
}

/** How many bytes the answer at the start of `text` has; 0 when it is not complete. */
function answerLength(text) {
  const head = text.indexOf('\r\n\r\n');
  if (head === -1) return 0;
  if (!text.startsWith('HTTP/1.1 200 ')) fail(`Not 200: ${text.slice(0, 500)}`);
  const length = /\r\ncontent-length: *(\d+)/i.exec(text);
  if (length === null) fail(`No content-length: ${text.slice(0, 500)}`);
  const total = head + 4 + Number(length[1]);
  return text.length >= total ? total : 0;
}

function open() {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let pending = '';
    let sentAt = 0;
    const send = () => {
      sentAt = performance.now();
      socket.write(request);
    };
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.once('connect', () => {
      send();
      resolve(socket);
    });
    socket.on('data', (text) => {
      pending = pending === '' ? text : pending + text;
      const length = answerLength(pending);
      if (length === 0) return;
      if (length !== pending.length) fail('More than one answer to a request');
      pending = '';
      if (measuring) latencies.push(performance.now() - sentAt);
      if (!stopped) send();
    });
    socket.on('error', (error) => fail(error.message));
    socket.on('close', () => stopped || fail('The server closed a connection'));
  });
}

const after = (duration) => new Promise((resolve) => setTimeout(resolve, duration * 1000));

const sockets = await Promise.all(Array.from({ length: connections }, open));
await after(warmupSeconds);
const cpuBefore = processCpuMicroseconds(pid);
const startedAt = performance.now();
measuring = true;
await after(seconds);
measuring = false;
const elapsedSeconds = (performance.now() - startedAt) / 1000;
const cpu = processCpuMicroseconds(pid) - cpuBefore;
stopped = true;
for (const socket of sockets) socket.destroy();

const count = latencies.length;
if (count === 0) fail('No answer in the measured time');
const sorted = Float64Array.from(latencies).sort();
console.log(
  JSON.stringify({
    requests: count,
    requestsPerSecond: count / elapsedSeconds,
    cpuMicrosecondsPerRequest: cpu / count,
    p50Milliseconds: percentile(sorted, 0.5),
    p99Milliseconds: percentile(sorted, 0.99),
  }),
);
