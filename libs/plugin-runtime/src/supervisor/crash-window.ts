const WINDOW_MS = 10 * 60_000;
const TOO_MANY = 5;

/** Counts the crashes of the last ten minutes. */
export class CrashWindow {
  private crashes: number[] = [];

  add(at: number): void {
    this.crashes.push(at);
  }

  /** Whether the plugin falls so often that starting it again and again helps nobody. */
  isLoop(now: number): boolean {
    this.crashes = this.crashes.filter((at) => now - at < WINDOW_MS);
    return this.crashes.length >= TOO_MANY;
  }

  clear(): void {
    this.crashes = [];
  }
}
