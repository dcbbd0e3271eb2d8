import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sdkPlugin, startGateway } from './gateway.mjs';
import { buildGoPrograms, goIsMissing } from './go-programs.mjs';
import { childrenOf } from './process-cpu.mjs';
import { limitProcessor } from './processor-share.mjs';
import { firstLine, start } from './processes.mjs';
import { median } from './statistics.mjs';
import { table } from './table.mjs';

const bothCores = '0,1';
const settleSeconds = 1;

/** Measures one process and several workers by turns, first with their part of a core each and then without. @returns the report. */
export async function compareWorkers({ share, workers, progress, ...settings }) {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const pluginFile = goIsMissing ? sdkPlugin : buildGoPrograms(folder).plugin;
  const sections = [];
  try {
    for (const part of [share, undefined]) sections.push(await compare({ share: part, workers, pluginFile, progress, ...settings }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return sections.join('\n\n');
}

async function compare({ share, workers, pluginFile, rounds, progress, ...settings }) {
  const subjects = [];
  const measured = new Map();
  try {
    for (const count of [1, workers]) subjects.push(await startSubject({ count, share, pluginFile }));
    for (let round = 1; round <= rounds; round++) {
      for (const subject of subjects) {
        const figures = await load(subject, settings);
        measured.set(subject, [...(measured.get(subject) ?? []), figures]);
        progress(`${share ?? 'all'}, round ${round}, ${subject.count} processes: ${figures.requestsPerSecond.toFixed(0)}/s`);
      }
    }
  } finally {
    for (const subject of subjects) await subject.stop();
  }
  return describe({ share, subjects, measured });
}

async function startSubject({ count, share, pluginFile }) {
  const gateway = await startGateway({ core: bothCores, pluginFile, environment: { GATEWAY_WORKERS: String(count) } });
  const releases = [];
  const stop = async () => {
    await gateway.stop();
    for (const release of releases) release();
  };
  try {
    const children = childrenOf(gateway.pid);
    const serving = count === 1 ? [gateway.pid] : children.filter((pid) => commandOf(pid) === commandOf(gateway.pid));
    if (serving.length !== count) throw new Error(`There are ${serving.length} processes that answer requests, and not ${count}.`);
    const pluginPid = children.find((pid) => !serving.includes(pid));
    if (share !== undefined) for (const pid of serving) releases.push(limitProcessor(pid, share));
    return { count, gateway, pids: [...new Set([gateway.pid, ...serving])], pluginPid, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const commandOf = (pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8');

async function load({ gateway, pids, pluginPid }, { seconds, connections }) {
  const asked = { port: gateway.port, ...gateway.private, connections, settleSeconds, seconds, pid: pids, pluginPid };
  return JSON.parse(await firstLine(start('load.mjs', { core: bothCores, args: [JSON.stringify(asked)] })));
}

function describe({ share, subjects, measured }) {
  const of = (subject, name) => median(measured.get(subject).map((figures) => figures[name]));
  const [one] = subjects;
  const base = of(one, 'requestsPerSecond');
  const rows = subjects.map((subject) => [
    subject.count === 1 ? 'one process' : `${subject.count} workers`,
    of(subject, 'requestsPerSecond').toFixed(0),
    `${(of(subject, 'requestsPerSecond') / base).toFixed(2)}×`,
    `${of(subject, 'cpuMicroseconds').toFixed(1)} µs`,
    `${of(subject, 'pluginMicroseconds').toFixed(1)} µs`,
    of(subject, 'loadShare').toFixed(2),
    `${of(subject, 'p50Milliseconds').toFixed(2)} ms`,
    `${of(subject, 'p99Milliseconds').toFixed(2)} ms`,
    `${(of(subject, 'residentBytes') / 1_048_576).toFixed(0)} MiB`,
  ]);
  const title = share === undefined ? 'Both cores for the gateway, its plugin and the load together' : `Each process that answers requests has ${share} of a core`;
  return `${title}\n${table([['', 'requests/s', '', 'gateway CPU', 'plugin CPU', 'load, cores', 'p50', 'p99', 'memory'], ...rows])}`;
}
