import { arch, cpus, platform } from 'node:os';
import { median } from './statistics.mjs';

const metrics = ['requestsPerSecond', 'cpuMicrosecondsPerRequest', 'p50Milliseconds', 'p99Milliseconds'];

/** Medians over the rounds, and how they compare with the first subject. `samples` has a list of measurements for each subject's name. */
export function summarise(samples, settings) {
  const names = Object.keys(samples);
  const medians = Object.fromEntries(names.map((name) => [name, Object.fromEntries(metrics.map((metric) => [metric, median(samples[name].map((each) => each[metric] ?? NaN))]))]));
  const base = medians[names[0]];
  const ratios = Object.fromEntries(names.map((name) => [name, Object.fromEntries(metrics.map((metric) => [metric, medians[name][metric] / base[metric]]))]));
  const machine = { node: process.version, platform: `${platform()}-${arch()}`, cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length };
  return { machine, settings, medians, ratios, rounds: samples };
}

/** The summary as text. */
export function render({ machine, settings, medians, ratios }) {
  const rows = Object.entries(medians).map(([name, value]) => [
    name,
    value.requestsPerSecond.toFixed(0),
    microseconds(value.cpuMicrosecondsPerRequest),
    value.p50Milliseconds.toFixed(2),
    value.p99Milliseconds.toFixed(2),
  ]);
  const comparisons = Object.entries(ratios).map(([name, value]) => [name, ...metrics.map((metric) => (Number.isNaN(value[metric]) ? 'n/a' : value[metric].toFixed(3)))]);
  const [base] = Object.keys(medians);
  return `
Node ${machine.node}, ${machine.platform}, ${machine.cores} × ${machine.cpu}
${settings.connections} keep-alive connections, ${settings.rounds} alternating rounds of ${settings.seconds} s, medians; ${settings.pinned ? 'server (gateway and its plugin) and load on a core each' : 'not pinned to cores'}

${table([['', 'requests/s', 'CPU µs/request', 'p50 ms', 'p99 ms'], ...rows])}

Divided by ${base}:

${table([['', 'requests/s', 'CPU/request', 'p50', 'p99'], ...comparisons])}

CPU is utime + stime of the server's process (the gateway's, without its plugin's). Compare ratios; absolute figures are this machine's.
`;
}

function microseconds(value) {
  return Number.isNaN(value) ? 'n/a' : value.toFixed(1);
}

function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join('  ')).join('\n');
}
