import { RefusedCalls, type RefusedCall as RefusedCallMessage } from '@sluice/contracts/edge';
import type { Outgoing } from '@sluice/edge-link';
import type { Clock } from '@sluice/kernel';
import type { RefusedCall } from '@sluice/plugin-runtime';

/** A studio that is away for long learns of the newest; the metric has counted them all. */
const KEPT = 500;

/** Calls that plugins were refused here, until the studio has written them into its audit log. */
export class RefusedCallReports {
  private waiting: RefusedCallMessage[] = [];
  private onAdded: () => void = () => undefined;

  constructor(private readonly clock: Clock) {}

  listen(onAdded: () => void): void {
    this.onAdded = onAdded;
  }

  readonly add = ({ pluginId, method, reason, message, repeated, at }: RefusedCall): void => {
    this.waiting = [...this.waiting, { pluginId, method, reason, message, repeatedCount: repeated, atMs: BigInt(at) }].slice(-KEPT);
    this.onAdded();
  };

  async next(): Promise<Outgoing | undefined> {
    const calls = this.waiting;
    if (calls.length === 0) return undefined;
    return {
      message: 'RefusedCalls',
      payload: Buffer.from(RefusedCalls.encode({ sentAtMs: BigInt(this.clock.now()), calls: [...calls] }).finish()),
      send: (line, signed) => line.reportRefusedCalls(signed),
      sent: () => {
        this.waiting = this.waiting.filter((call) => !calls.includes(call));
      },
    };
  }
}
