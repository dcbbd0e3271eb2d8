import type { LogRing } from '../process/log-ring';
import { type Crash, crashCard, type CrashCard } from './crash-card';

const KEPT = 20;

/** The last crashes of one plugin. */
export class CrashCards {
  private cards: readonly CrashCard[] = [];

  constructor(
    private readonly ring: LogRing,
    private readonly onCard: (card: CrashCard) => void = () => undefined,
  ) {}

  /** `silence` resolves when the last lines of the process have been read. */
  async add(crash: Crash, silence?: Promise<unknown>): Promise<void> {
    if (silence) await silence;
    const card = crashCard(crash, this.ring.last());
    this.cards = [...this.cards, card].slice(-KEPT);
    this.onCard(card);
  }

  /** The newest last. */
  list(): readonly CrashCard[] {
    return this.cards;
  }
}
