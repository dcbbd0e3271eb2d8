import { PayloadBatch } from '@sluice/contracts/edge';
import type { Outgoing } from '@sluice/edge-link';
import type { PayloadOutbox } from '../plugin-data/payload-outbox';

/** The next batch of an outbox as a message. It leaves the outbox when the studio has it. */
export async function nextBatch(outbox: PayloadOutbox): Promise<Outgoing | undefined> {
  const payloads = await outbox.next();
  if (payloads.length === 0) return undefined;
  return {
    message: 'PayloadBatch',
    payload: Buffer.from(PayloadBatch.encode({ outboxId: outbox.id, payloads }).finish()),
    send: (line, signed) => line.deliverPayloads(signed),
    sent: () => outbox.settle(payloads),
  };
}
