import type { CrashCard } from '@sluice/contracts/edge';

/** What the studio keeps of one plugin; more would be written to be deleted. */
const KEPT_PER_PLUGIN = 20;
/** A card is at most about 70 KiB. */
const BATCH = 20;

/** Where cards outlive the process. It is told of every card that comes and goes, and must not throw. */
export interface CrashShelf {
  /** What was there at the start, the oldest first. */
  readonly reports: readonly CrashCard[];
  keep(card: CrashCard): void;
  forget(cards: readonly CrashCard[]): void;
}

const NO_SHELF: CrashShelf = { reports: [], keep: () => undefined, forget: () => undefined };

/** Crash cards that the studio has not confirmed yet, the oldest first. */
export class CrashOutbox {
  private cards: readonly CrashCard[];

  constructor(private readonly shelf: CrashShelf = NO_SHELF) {
    this.cards = [...shelf.reports];
  }

  add(card: CrashCard): void {
    const ofPlugin = this.cards.filter(({ pluginId }) => pluginId === card.pluginId);
    const surplus = new Set(ofPlugin.slice(0, Math.max(0, ofPlugin.length + 1 - KEPT_PER_PLUGIN)));
    this.cards = [...this.cards.filter((kept) => !surplus.has(kept)), card];
    this.shelf.keep(card);
    this.shelf.forget([...surplus]);
  }

  get due(): boolean {
    return this.cards.length > 0;
  }

  batch(): readonly CrashCard[] {
    return this.cards.slice(0, BATCH);
  }

  /** Cards that arrived while the batch was on its way stay. */
  confirm(batch: readonly CrashCard[]): void {
    const confirmed = new Set(batch);
    this.cards = this.cards.filter((card) => !confirmed.has(card));
    this.shelf.forget(batch);
  }
}
