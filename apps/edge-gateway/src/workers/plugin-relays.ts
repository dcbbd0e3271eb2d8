import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { makeRelayFolder, openRelay, type PluginGeneration, type PluginLink, type RelayFolder } from '@sluice/plugin-runtime';
import type { Logger } from 'pino';
import type { Relays } from './plugin-views';

/** Longer than any that a worker gives a call. */
const UNARY_MS = 120_000;

/** Sockets on which workers reach plugins that have but one connection, that of the primary. */
export class PluginRelays implements Relays {
  private folder: RelayFolder | undefined;
  private opened = 0;

  constructor(private readonly options: { runFolder: string; streamTimeoutMs: number; logger: Logger }) {}

  /** Rejects when no socket can be made; it may be possible later. */
  async open({ channel }: PluginGeneration): Promise<{ link: PluginLink; close(): void }> {
    const { runFolder, streamTimeoutMs } = this.options;
    try {
      return await openRelay(channel, join(this.place(), `${++this.opened}.sock`), { unaryMs: UNARY_MS, streamMs: streamTimeoutMs * 2 });
    } catch (error) {
      throw new Error(`No socket for workers can be made in ${runFolder}: ${(error as Error).message}. See to it that this user may write there, or choose another PLUGIN_RUN_DIR.`, { cause: error });
    }
  }

  /** When no generation is left, and with them their relays. */
  close(): void {
    this.folder?.remove();
  }

  private place(): string {
    const { runFolder, logger } = this.options;
    if (!this.folder || !existsSync(this.folder.path)) this.folder = makeRelayFolder(runFolder, logger);
    return this.folder.path;
  }
}
