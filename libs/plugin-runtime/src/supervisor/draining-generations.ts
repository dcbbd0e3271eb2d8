import type { RunningGeneration } from '../generation/generation';
import type { PluginDefinition } from '../host/plugin-host';

/** Generations that were replaced and finish their calls, and since when. */
export class DrainingGenerations {
  private readonly entries = new Map<RunningGeneration, { definition: PluginDefinition; since: number; asked: boolean }>();

  add(generation: RunningGeneration, definition: PluginDefinition, since: number): void {
    this.entries.set(generation, { definition, since, asked: false });
  }

  /** From here on its end is no surprise. */
  endIsAsked(generation: RunningGeneration): void {
    const entry = this.entries.get(generation);
    if (entry) entry.asked = true;
  }

  /** Whether it is here and nobody has asked it to end yet. */
  expects(generation: RunningGeneration): boolean {
    return this.entries.get(generation)?.asked === false;
  }

  delete(generation: RunningGeneration): void {
    this.entries.delete(generation);
  }

  /** What they were started from. */
  definitions(): PluginDefinition[] {
    return [...this.entries.values()].map(({ definition }) => definition);
  }

  list(): { generation: RunningGeneration; since: number }[] {
    return [...this.entries].map(([generation, { since }]) => ({ generation, since }));
  }
}
