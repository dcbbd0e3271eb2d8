import type { GatewayState } from '../snapshot/gateway-state';

/** While no worker serves, nothing is reached; of what is expected then, the oldest is given up. */
const MOST_PENDING = 1_000;

/** The newest configuration that every worker enforces: what this gateway may say that it runs. */
export class EnforcedEverywhere {
  private state: GatewayState | undefined;
  private reachedNumber = 0;
  private readonly pending: { number: number; state: GatewayState }[] = [];
  private waiting: { number: number; act: () => void } | undefined;

  /** Undefined until the first configuration is enforced by a worker. */
  get(): GatewayState | undefined {
    return this.state;
  }

  /** The primary has taken this step; the workers are about to. */
  expect(number: number, state: GatewayState): void {
    this.pending.push({ number, state });
    if (this.pending.length > MOST_PENDING) this.pending.shift();
  }

  /** Every worker has taken all steps up to this one. */
  reached(number: number): void {
    this.reachedNumber = Math.max(this.reachedNumber, number);
    while (this.pending[0] && this.pending[0].number <= number) this.state = this.pending.shift()!.state;
    const { waiting } = this;
    if (!waiting || waiting.number > this.reachedNumber) return;
    this.waiting = undefined;
    waiting.act();
  }

  /** Acts when every worker has taken this step, at once if they have; not at all when another step is waited for before. */
  whenReached(number: number, act: () => void): void {
    this.waiting = undefined;
    if (number <= this.reachedNumber) act();
    else this.waiting = { number, act };
  }
}
