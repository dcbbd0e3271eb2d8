import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openRelay, type PluginGeneration, type PluginLink } from '@sluice/plugin-runtime';
import type { Relays } from './plugin-views';

/** Longer than any that a worker gives a call. */
const UNARY_MS = 120_000;

/** Sockets on which workers reach plugins that have but one connection, that of the primary. */
export class PluginRelays implements Relays {
  private folder: Promise<string> | undefined;
  private opened = 0;

  constructor(private readonly options: { runFolder: string; streamTimeoutMs: number }) {}

  async open({ channel }: PluginGeneration): Promise<{ link: PluginLink; close(): void }> {
    const { runFolder, streamTimeoutMs } = this.options;
    const folder = await (this.folder ??= mkdtemp(join(runFolder, 'relay-')));
    return openRelay(channel, join(folder, `${++this.opened}.sock`), { unaryMs: UNARY_MS, streamMs: streamTimeoutMs * 2 });
  }

  /** When no generation is left, and with them their relays. */
  async close(): Promise<void> {
    if (this.folder) await rm(await this.folder, { recursive: true, force: true });
  }
}
