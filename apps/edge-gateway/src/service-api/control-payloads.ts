import type { QueueControlPayloadRequest, QueueControlPayloadResponse } from '@sluice/contracts/microgateway-management';
import { isSluiceError } from '@sluice/kernel';
import type { PayloadOutbox } from '../plugin-data/payload-outbox';

/** Answers `QueueControlPayload`. What cannot be queued is an answer with a sentence, as the messages provide for it. */
export class ControlPayloads {
  constructor(
    private readonly outbox: PayloadOutbox,
    /** Without a studio nobody would ever fetch what is queued. */
    private readonly hasStudio: boolean,
  ) {}

  async queue(pluginId: number, { payload, correlationId, metadata }: QueueControlPayloadRequest): Promise<QueueControlPayloadResponse> {
    if (!this.hasStudio) return this.refuse(pluginId, 'This gateway has no studio to send payloads to; its operator sets STUDIO_GRPC_URL.');
    try {
      const pending = await this.outbox.queue(pluginId, { payload, correlationId, metadata });
      return { success: true, errorMessage: '', pendingCount: BigInt(pending) };
    } catch (error) {
      if (isSluiceError(error)) return this.refuse(pluginId, error.message);
      throw error;
    }
  }

  private refuse(pluginId: number, errorMessage: string): QueueControlPayloadResponse {
    return { success: false, errorMessage, pendingCount: BigInt(this.outbox.pending(pluginId)) };
  }
}
