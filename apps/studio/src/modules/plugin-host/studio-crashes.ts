import { Inject, Injectable } from '@nestjs/common';
import type { CrashCard } from '@sluice/plugin-runtime';
import type { Logger } from 'pino';
import { storableText } from '../../database/storable-text';
import { LOGGER } from '../../process.module';
import { PluginCrashesService, type PluginCrash } from '../plugin-crashes';

const KEPT = 100;

/** Writes down the crashes of this studio's plugins, and keeps them while the database is away. */
@Injectable()
export class StudioCrashes {
  private pending: readonly PluginCrash[] = [];
  private writing: Promise<void> | undefined;

  constructor(
    private readonly crashes: PluginCrashesService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  add(card: CrashCard): void {
    this.pending = [...this.pending, toPluginCrash(card)].slice(-KEPT);
    void this.flush();
  }

  /** Tries again what could not be written so far. Never rejects. */
  async flush(): Promise<void> {
    await this.writing;
    if (this.pending.length === 0) return;
    this.writing ??= this.write().finally(() => (this.writing = undefined));
    await this.writing;
  }

  private async write(): Promise<void> {
    const cards = this.pending;
    try {
      await this.crashes.record({ kind: 'studio' }, cards);
      this.pending = this.pending.filter((card) => !cards.includes(card));
    } catch (error) {
      this.logger.warn({ event: 'plugins.crashes_not_written', crashes: cards.length, err: error });
    }
  }
}

function toPluginCrash({ id, at, lastRequestId, ...card }: CrashCard): PluginCrash {
  return { ...card, cardId: id, happenedAt: new Date(at), lastRequestId: lastRequestId || null, lastLogLines: card.lastLogLines.map((line) => storableText(line)), reason: storableText(card.reason) };
}
