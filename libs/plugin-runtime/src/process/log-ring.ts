import { PluginRemarks } from './plugin-remarks';

/** How many lines a plugin's status shows. */
export const RING_LINES = 200;
const LINE_CHARACTERS = 4_096;

/** The last lines that a plugin wrote, over all its generations, so that what a crashed one said is still there after the restart. */
export class LogRing {
  /** What its host has to say about the plugin. */
  readonly remarks = new PluginRemarks();
  private lines: string[] = [];

  add(line: string): void {
    this.lines.push(line.length > LINE_CHARACTERS ? `${Buffer.from(line.slice(0, LINE_CHARACTERS)).toString()}…` : line);
    // Cutting in blocks keeps the cost of a flood of lines constant per line.
    if (this.lines.length >= RING_LINES * 2) this.lines = this.lines.slice(-RING_LINES);
  }

  /** The newest last. */
  last(count: number = RING_LINES): string[] {
    return this.lines.slice(-count);
  }
}
