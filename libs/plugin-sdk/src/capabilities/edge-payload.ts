import { EdgePayloadResponse } from '@sluice/contracts/plugin';
import type { Context } from '../context/context';
import { unary } from './binding';
import { fromUnixSeconds } from './unix-time';

/** What the gateway-side half of the plugin queued with `queueControlPayload`. */
export interface EdgePayload {
  payload: Buffer;
  edgeId: string;
  edgeNamespace: string;
  correlationId: string;
  metadata: Record<string, string>;
  sentAt: Date;
  receivedAt: Date;
}

/** Receives, in the studio, what gateways sent. */
export interface EdgePayloadReceiver {
  /** `false` means that the payload was not for this plugin. */
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
      });
      return EdgePayloadResponse.create({ success: true, handled: handled !== false });
    },
    otherwise: () => EdgePayloadResponse.create({ success: false, handled: false, errorMessage: 'This plugin takes no edge payloads.' }),
    failed: (errorMessage) => EdgePayloadResponse.create({ success: false, handled: false, errorMessage }),
  }),
];
