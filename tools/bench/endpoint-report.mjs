import { arch, cpus, platform } from 'node:os';
import { HELLO, NGINX, REFERENCE } from './endpoint-subjects.mjs';
import { median } from './statistics.mjs';
import { table } from './table.mjs';

const megabyte = 1_048_576;

/** What is printed of a pair. Ratios are taken within a pair, which saw the same machine. */
const figures = {
  'of hello': (pair) => pair.subject.saturated.requestsPerSecond / pair.hello.saturated.requestsPerSecond,
  'requests/s': (pair) => pair.subject.saturated.requestsPerSecond,
  'CPU µs': (pair) => pair.subject.saturated.cpuMicroseconds,
  'CPU/hello': (pair) => pair.subject.saturated.cpuMicroseconds / pair.hello.saturated.cpuMicroseconds,
  'plugin µs': (pair) => pair.subject.saturated.pluginMicroseconds,
  'p50 ms': (pair) => pair.subject.saturated.p50Milliseconds,
  'p99 ms': (pair) => pair.subject.saturated.p99Milliseconds,
  'half: p50': (pair) => pair.subject.half.p50Milliseconds,
  'half: p99': (pair) => pair.subject.half.p99Milliseconds,
  'half: CPU µs': (pair) => pair.subject.half.cpuMicroseconds,
  'one: added µs': (pair) => (pair.subject.single.p50Milliseconds - pair.hello.single.p50Milliseconds) * 1000,
  'MiB': (pair) => pair.subject.saturated.residentBytes / megabyte,
  'foreign': (pair) => pair.foreignCores,
};
const decimals = { 'of hello': 3, 'CPU/hello': 2, 'CPU µs': 1, 'plugin µs': 1, 'p50 ms': 2, 'p99 ms': 2, 'half: p50': 2, 'half: p99': 2, 'half: CPU µs': 1, foreign: 2 };

/** Medians over the pairs of each subject. */
export function summarise(measured, skipped, settings) {
  const names = Object.keys(measured);
  const medianOf = (pairs, figure) => median(pairs.map(figure));
  const medians = Object.fromEntries(names.map((name) => [name, Object.fromEntries(Object.entries(figures).map(([label, figure]) => [label, medianOf(measured[name].pairs, figure)]))]));
  const all = names.flatMap((name) => measured[name].pairs);
  const hello = {
    'requests/s': medianOf(all, (pair) => pair.hello.saturated.requestsPerSecond),
    'CPU µs': medianOf(all, (pair) => pair.hello.saturated.cpuMicroseconds),
    'p50 ms': medianOf(all, (pair) => pair.hello.saturated.p50Milliseconds),
    'p99 ms': medianOf(all, (pair) => pair.hello.saturated.p99Milliseconds),
    'MiB': medianOf(all, (pair) => pair.hello.saturated.residentBytes / megabyte),
  };
  const against = (name, other) => (medians[other] === undefined ? NaN : medians[name]['CPU/hello'] / medians[other]['CPU/hello']);
  const ratios = Object.fromEntries(names.map((name) => [name, { reference: against(name, REFERENCE), nginx: against(name, NGINX) }]));
  const machine = { node: process.version, platform: `${platform()}-${arch()}`, cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length };
  return { machine, settings, skipped, hello, medians, ratios, measured };
}

/** The summary as text. */
export function render({ machine, settings, skipped, hello, medians, ratios, measured }) {
  const labels = Object.keys(figures);
  const written = (value, label) => (value === undefined || Number.isNaN(value) ? '' : value.toFixed(decimals[label] ?? 0));
  const rows = [[HELLO, hello], ...Object.entries(medians)].map(([name, values]) => [name, ...labels.map((label) => written(values[label], label))]);
  const ratioRows = Object.entries(ratios).map(([name, { reference, nginx }]) => [name, written(reference, 'CPU/hello'), written(nginx, 'CPU/hello')]);
  const disturbed = Object.entries(measured).filter(([, each]) => each.disturbed > 0).map(([name, each]) => `${name} (${each.disturbed} of ${each.pairs.length})`);
  return `
Node ${machine.node}, ${machine.platform}, ${machine.cores} × ${machine.cpu}
${settings.connections} keep-alive connections, ${settings.rounds} alternating pairs with hello of ${settings.seconds} s, medians; ${placement(settings)}

${table([['', ...labels], ...rows])}

CPU of a request, divided by that of

${table([['', 'the Go reference', 'nginx'], ...ratioRows])}

CPU is utime + stime of the server alone; \`plugin\` is that of the process behind it. \`half\` is at half the rate of the same pair; \`one\` is one connection's p50 without hello's.
Compare ratios; absolute figures are this machine's.${disturbed.length === 0 ? '' : `\nOthers used more than ${settings.foreign} cores in the least disturbed pairs of ${disturbed.join(', ')}.`}
${Object.entries(skipped).map(([name, reason]) => `Not measured: ${name}: ${reason}.\n`).join('')}`;
}

function placement({ pinned, pluginCore }) {
  if (!pinned) return 'not pinned to cores';
  return pluginCore === 'load' ? 'the server has a core, the load and the plugin have the other' : 'the server and its plugin have a core, the load has the other';
}
