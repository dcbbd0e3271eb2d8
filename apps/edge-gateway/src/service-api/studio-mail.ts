import { metrics } from '@opentelemetry/api';
import { EdgeSender, type EdgeClient } from '@sluice/edge-link';
import type { Logger } from 'pino';
import type { PayloadOutbox } from '../plugin-data/payload-outbox';
import { nextBatch } from './outbox-batches';
import type { RefusedCallReports } from './refused-call-reports';

/** Where the studio is, and who signs for this gateway. */
export interface StudioLine {
  url: string;
  client: EdgeClient;
}

/** What goes to the studio for plugins: their payloads, and word of calls that they were refused. */
export class StudioMail {
  private readonly senders: EdgeSender[] = [];

  /** Without a studio nothing is sent. */
  constructor(line: StudioLine | undefined, outbox: PayloadOutbox, refusedCalls: RefusedCallReports, logger: Logger) {
    metrics
      .getMeter('edge-gateway')
      .createObservableGauge('sluice_plugin_payloads_pending', { description: 'Payloads of plugins that the studio does not have yet.' })
      .addCallback((result) => result.observe(outbox.pending()));
    if (!line) return;
    const payloads = new EdgeSender({ ...line, what: 'payloads', logger, next: () => nextBatch(outbox) });
    const refusals = new EdgeSender({ ...line, what: 'refused calls', logger, next: () => refusedCalls.next() });
    outbox.listen(() => payloads.poke());
    refusedCalls.listen(() => refusals.poke());
    this.senders.push(payloads, refusals);
  }

  start(): void {
    for (const sender of this.senders) sender.start();
  }

  async close(): Promise<void> {
    await Promise.all(this.senders.map((sender) => sender.close()));
  }
}
