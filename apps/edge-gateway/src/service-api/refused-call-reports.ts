import { RefusedCalls, type RefusedCall as RefusedCallMessage } from '@sluice/contracts/edge';
import type { Outgoing } from '@sluice/edge-link';
import type { Clock } from '@sluice/kernel';
import type { RefusedCall } from '@sluice/plugin-runtime';
import type { ReportShelf } from '../plugin-data/report-shelf';

/** A studio that is away for long learns of the newest; the metric has counted them all. */
const KEPT = 500;

/** Calls that plugins were refused here, until the studio has written them into its audit log. One whose answer is lost is written a second time. */
export class RefusedCallReports {
  private onAdded: () => void = () => undefined;

  constructor(
    private readonly clock: Pick<Clock, 'now'>,
    private readonly shelf: Pick<ReportShelf<RefusedCallMessage>, 'reports' | 'keep' | 'forget'>,
  ) {}

  listen(onAdded: () => void): void {
    this.onAdded = onAdded;
  }

  readonly add = ({ pluginId, method, reason, message, repeated, at }: RefusedCall): void => {
    this.shelf.keep({ pluginId, method, reason, message, repeatedCount: repeated, atMs: BigInt(at) });
    this.shelf.forget(this.shelf.reports.slice(0, -KEPT));
    this.onAdded();
  };

  async next(): Promise<Outgoing | undefined> {
    const calls = this.shelf.reports;
    if (calls.length === 0) return undefined;
    return {
      message: 'RefusedCalls',
      payload: Buffer.from(RefusedCalls.encode({ sentAtMs: BigInt(this.clock.now()), calls }).finish()),
      send: (line, signed) => line.reportRefusedCalls(signed),
      sent: () => this.shelf.forget(calls),
    };
  }
}
