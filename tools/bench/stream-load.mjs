/**
 * Opens streams and counts what comes: node stream-load.mjs '{"port", "path", "headers", "streams", "settleSeconds", "seconds", "pid", "pluginPid"}'. Prints one
 * line of JSON when all are open and have been measured. Each event is a number, one more than the one before it.
 */
import { connect } from 'node:net';
import { busyMicroseconds, processCpuMicroseconds, residentBytes } from './process-cpu.mjs';

const { port, path, headers = {}, streams, settleSeconds, seconds, pid, pluginPid } = JSON.parse(process.argv[2]);
const lines = Object.entries({ host: `127.0.0.1:${port}`, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
const request = `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
/** Connections that are being opened at a time. */
const opening = 100;

let stopped = false;
let events = 0;
let lost = 0;
const buffer = Buffer.alloc(65_536);

function fail(message) {
  if (stopped) return;
  console.error(message);
  process.exit(1);
}

/** Resolves when the head of the answer is there. */
function open() {
  return new Promise((resolve) => {
    let head = '';
    let begun = false;
    let rest = '';
    let expected = 0;
    const take = (text) => {
      rest += text;
      for (let end = rest.indexOf('\n\n'); end !== -1; end = rest.indexOf('\n\n')) {
        const number = Number(/data: (\d+)$/.exec(rest.slice(0, end))?.[1]);
        if (number !== expected) lost++;
        expected = number + 1;
        events++;
        rest = rest.slice(end + 2);
      }
    };
    const callback = (bytes, from) => {
      const text = from.latin1Slice(0, bytes);
      if (begun) {
        take(text);
        return true;
      }
      head += text;
      const end = head.indexOf('\r\n\r\n');
      if (end === -1) return true;
      if (!head.startsWith('HTTP/1.1 200 ')) fail(`Not 200: ${head.slice(0, 500)}`);
      begun = true;
      take(head.slice(end + 4));
      head = '';
      resolve(socket);
      return true;
    };
    const socket = connect({ port, host: '127.0.0.1', onread: { buffer, callback } }, () => socket.write(request));
    socket.on('error', (error) => fail(error.message));
    socket.on('close', () => fail('A stream ended'));
  });
}

const after = (duration) => new Promise((resolve) => setTimeout(resolve, duration * 1000));
const used = () => ({ server: processCpuMicroseconds(pid), plugin: processCpuMicroseconds(pluginPid), self: processCpuMicroseconds(process.pid), all: busyMicroseconds(), events, at: performance.now() });

const emptyBytes = residentBytes(pid);
const sockets = [];
while (sockets.length < streams) sockets.push(...(await Promise.all(Array.from({ length: Math.min(opening, streams - sockets.length) }, open))));
await after(settleSeconds);
const before = used();
await after(seconds);
const now = used();
const openBytes = residentBytes(pid);
stopped = true;
for (const socket of sockets) socket.destroy();

const elapsed = (now.at - before.at) * 1000;
const spent = (name) => now[name] - before[name];
const count = spent('events');
console.log(
  JSON.stringify({
    streams,
    events: count,
    eventsPerSecond: (count / elapsed) * 1e6,
    lost,
    cpuMicroseconds: count === 0 ? undefined : spent('server') / count,
    cpuShare: spent('server') / elapsed,
    pluginMicroseconds: count === 0 ? undefined : spent('plugin') / count,
    foreignCores: Math.max(0, (spent('all') - spent('server') - spent('plugin') - spent('self')) / elapsed),
    bytesPerStream: (openBytes - emptyBytes) / streams,
  }),
);
