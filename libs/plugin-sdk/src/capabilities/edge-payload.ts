import { EdgePayloadResponse } from '@sluice/contracts/plugin';
import type { Context } from '../context/context';
import { unary } from './binding';
import { fromUnixSeconds } from './unix-time';

/** What the gateway-side half of the plugin sent with `ctx.services.control`. */
export interface EdgePayload {
  payload: Buffer;
  edgeId: string;
  edgeNamespace: string;
  correlationId: string;
  metadata: Record<string, string>;
  sentAt: Date;
  receivedAt: Date;
  /** The same for each delivery of one payload; `''` on hosts of others. */
  payloadId: string;
  /** It may have been delivered before: the host ended, or this plugin did, before the host knew. */
  redelivered: boolean;
}

/**
 * Receives, in the studio, what gateways sent: each plugin's in the order of its gateway, one after the other, at least once. What throws is
 * tried again for about two minutes, and then kept for the administrator with the error's message.
 */
export interface EdgePayloadReceiver {
  /** `false` means that the payload is not for this plugin: it is kept for the administrator, and not tried again. */
  acceptEdgePayload(ctx: Context, payload: EdgePayload): boolean | void | Promise<boolean | void>;
}

export const edgePayload = [
  unary<'acceptEdgePayload', EdgePayloadReceiver>('acceptEdgePayload', {
    method: 'acceptEdgePayload',
    answer: async (plugin, ctx, { payload, edgeId, edgeNamespace, correlationId, metadata, edgeTimestamp, receivedTimestamp }) => {
      const handled = await plugin.acceptEdgePayload(ctx, {
        payload,
        edgeId,
        edgeNamespace,
        correlationId,
        metadata,
        sentAt: fromUnixSeconds(edgeTimestamp),
        receivedAt: fromUnixSeconds(receivedTimestamp),
        payloadId: metadata['sluice.payload_id'] ?? '',
        redelivered: metadata['sluice.redelivered'] === 'true',
      });
      return EdgePayloadResponse.create({ success: true, handled: handled !== false });
    },
    otherwise: () => EdgePayloadResponse.create({ success: false, handled: false, errorMessage: 'This plugin takes no edge payloads.' }),
    failed: (errorMessage) => EdgePayloadResponse.create({ success: false, handled: false, errorMessage }),
  }),
];
