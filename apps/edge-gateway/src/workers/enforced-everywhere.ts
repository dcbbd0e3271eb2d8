import type { GatewayState } from '../snapshot/gateway-state';

/** While no worker serves, nothing is reached; of what is expected then, the oldest is given up. */
const MOST_PENDING = 1_000;

/** The newest configuration that every worker enforces: what this gateway may say that it runs. */
export class EnforcedEverywhere {
  private state: GatewayState | undefined;
  private reachedNumber = 0;
  private readonly pending: { number: number; state: GatewayState }[] = [];
  private readonly waiting: { number: number; done: () => void }[] = [];

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
    for (const waiter of this.waiting.splice(0)) {
      if (waiter.number <= number) waiter.done();
      else this.waiting.push(waiter);
    }
  }

  /** Resolves when every worker has taken this step. */
  until(number: number): Promise<void> {
    if (number <= this.reachedNumber) return Promise.resolve();
    return new Promise((done) => this.waiting.push({ number, done }));
  }
}
