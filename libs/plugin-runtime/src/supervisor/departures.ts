import type { Clock } from '@sluice/kernel';
import type { RunningGeneration } from '../generation/generation';
import type { PluginDefinition } from '../host/plugin-host';
import type { FarewellReason } from '../session/say-farewell';
import { Drain, type DrainLimits } from './drain';

/** A generation that served, and what it was started from. */
export interface Served {
  generation: RunningGeneration;
  definition: PluginDefinition;
}

interface Departure {
  definition: PluginDefinition;
  since: number;
  drain: Drain;
  /** It has been asked to end: from here on its end is no surprise. */
  asked: boolean;
}

/** What of one plugin is on its way out: generations that finish their calls, and everything that is being ended. */
export class Departures {
  private readonly draining = new Map<RunningGeneration, Departure>();
  private readonly leaving = new Set<Promise<void>>();

  constructor(
    private readonly clock: Clock,
    private readonly onBroken: (error: unknown) => void,
  ) {}

  /** Lets a generation finish its calls and ends it. Resolves when it is gone. */
  retire({ generation, definition }: Served, reason: FarewellReason, limits: DrainLimits): Promise<void> {
    const departure: Departure = { definition, since: this.clock.now(), drain: new Drain(generation, limits, this.clock), asked: false };
    this.draining.set(generation, departure);
    const gone = departure.drain.done
      .then(() => {
        departure.asked = true;
        return generation.end(reason);
      })
      .finally(() => this.draining.delete(generation));
    return this.follow(gone);
  }

  /** Something else that is being ended. Never rejects. */
  follow(work: Promise<void>): Promise<void> {
    const followed = work.catch(this.onBroken).finally(() => this.leaving.delete(followed));
    this.leaving.add(followed);
    return followed;
  }

  /** What still drains has no more than this, however much it had before. */
  shorten(limits: DrainLimits): void {
    for (const { drain } of this.draining.values()) drain.shorten(limits);
  }

  /** Resolves when nothing is left. */
  async over(): Promise<void> {
    while (this.leaving.size > 0) await Promise.all(this.leaving);
  }

  /** Whether it drains and nobody has asked it to end yet. */
  expects(generation: RunningGeneration): boolean {
    return this.draining.get(generation)?.asked === false;
  }

  /** What draining generations were started from. */
  definitions(): PluginDefinition[] {
    return [...this.draining.values()].map(({ definition }) => definition);
  }

  /** The draining generations, the oldest first. */
  list(): { generation: RunningGeneration; since: number }[] {
    return [...this.draining].map(([generation, { since }]) => ({ generation, since }));
  }
}
