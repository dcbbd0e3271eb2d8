import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino, { type Logger } from 'pino';
import { createPluginHost } from '../host/create-plugin-host';
import type { PluginDefinition, PluginGeneration, PluginHost, PluginHostOptions } from '../host/plugin-host';
import type { PluginStatus } from '../supervisor/plugin-status';

/** A host with a run directory of its own that remembers every status it told. */
export class TestHost {
  readonly runDirectory = mkdtempSync(join(tmpdir(), 'slh-'));
  readonly statuses: PluginStatus[] = [];
  readonly host: PluginHost;

  constructor(options: Partial<PluginHostOptions> = {}) {
    // Plugins under users of their own have to get through it.
    if (options.policy?.uidRange) chmodSync(this.runDirectory, 0o711);
    this.host = createPluginHost({
      runtime: 'gateway',
      edgeId: 'edge-1',
      runDirectory: this.runDirectory,
      serviceApi: [],
      logger: silentLogger(),
      onChange: (status) => this.statuses.push(status),
      ...options,
    });
  }

  /** Waits until a plugin serves a generation at least this new. */
  async serving(pluginId: number, generation = 1, withinMs = 20_000): Promise<PluginGeneration> {
    await until(() => (this.host.serving(pluginId)?.generation ?? 0) >= generation, withinMs, () => JSON.stringify(this.host.status(pluginId)));
    return this.host.serving(pluginId)!;
  }

  async status(pluginId: number, matches: (status: PluginStatus) => boolean, withinMs = 20_000): Promise<PluginStatus> {
    await until(() => this.statuses.some((status) => status.pluginId === pluginId && matches(status)), withinMs, () => JSON.stringify(this.host.status(pluginId)));
    return this.statuses.find((status) => status.pluginId === pluginId && matches(status))!;
  }

  /** Names of the private directories that exist now. */
  directories(): string[] {
    return readdirSync(this.runDirectory);
  }

  async close(): Promise<void> {
    await this.host.close();
    rmSync(this.runDirectory, { recursive: true, force: true });
  }
}

export function definition(change: Partial<PluginDefinition> & Pick<PluginDefinition, 'deployment'>): PluginDefinition {
  return { id: 1, name: 'plugin', config: {}, approvedScopes: [], reloads: 0, ...change };
}

export function silentLogger(): Logger {
  return pino({ level: 'silent' });
}

/** Whether a process with this pid exists. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export async function until(condition: () => boolean, withinMs: number, describe: () => string = () => ''): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`Still not true after ${withinMs} ms. ${describe()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
