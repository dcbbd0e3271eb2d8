import { monotonicClock, type Clock } from '@sluice/kernel';

/** Why it was refused may have gone away: a key that is trusted now, a gateway with room again. */
const FORGET_AFTER_MS = 60_000;

/** The tag of a body that was refused a moment ago, so that it is not downloaded and judged on every poll. */
export class RefusedBody {
  private refused: { tag: string; at: number } | undefined;

  constructor(private readonly clock: Clock = monotonicClock) {}

  remember(tag: string): void {
    this.refused = { tag, at: this.clock.now() };
  }

  forget(): void {
    this.refused = undefined;
  }

  is(tag: string): boolean {
    return this.tag() === tag;
  }

  tag(): string | undefined {
    if (this.refused && this.clock.now() - this.refused.at >= FORGET_AFTER_MS) this.forget();
    return this.refused?.tag;
  }
}
