import type { Appetite } from './hog-appetites';
import type { HogFigures, Quiet } from './hog-run';
import { percentile } from './percentile';

type Sufferer = 'plugin' | 'host';

const WHO: Record<Sufferer, string> = { plugin: 'another plugin', host: 'the gateway' };

/** What several measurements of one appetite say together: the median of the ratios, so that one bad moment of the machine does not count. */
export class HogReport {
  private readonly rounds: HogFigures[] = [];
  private readonly sentences: (string | undefined)[] = [];

  constructor(
    private readonly appetite: Appetite,
    /** How many times as long as before the slowest hundredth may take. */
    private readonly bound: number,
  ) {}

  /** `sentence` is what the plugin's status says about it. */
  add(figures: HogFigures, sentence: string | undefined): void {
    this.rounds.push(figures);
    this.sentences.push(sentence);
  }

  get good(): boolean {
    return this.sentences.every((sentence) => sentence !== undefined) && (['plugin', 'host'] as const).every((who) => this.ratio(who) <= this.bound && this.failures(who).length === 0);
  }

  describe(): string {
    const told = this.sentences.find((sentence) => sentence !== undefined);
    return [`a plugin that ${this.appetite.name}`, this.line('plugin'), this.line('host'), `  its status     ${told === undefined ? 'says nothing of it' : told.slice(0, 200)}`].join('\n');
  }

  private line(who: Sufferer): string {
    const rounds = this.rounds.map((figures) => `${ms(figures[who].before)} → ${ms(figures[who].during)}`).join(', ');
    const failures = this.failures(who);
    const failed = failures.length === 0 ? 'none failed' : `failed: ${failures.slice(0, 2).join('; ')}`;
    return `  ${WHO[who].padEnd(14)} p99 ×${this.ratio(who).toFixed(2)}${this.ratio(who) > this.bound ? ' TOO MUCH' : ''} (${rounds} ms), ${failed}`;
  }

  private ratio(who: Sufferer): number {
    return percentile(this.rounds.map((figures) => figures[who].during.p99Ms / figures[who].before.p99Ms), 0.5);
  }

  private failures(who: Sufferer): string[] {
    return this.rounds.flatMap((figures) => [...figures[who].before.failures, ...figures[who].during.failures]);
  }
}

function ms({ p99Ms }: Quiet): string {
  return p99Ms.toFixed(1);
}
