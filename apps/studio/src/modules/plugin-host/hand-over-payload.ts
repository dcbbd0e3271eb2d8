import { EdgePayloadRequest, PluginServiceService } from '@sluice/contracts/plugin';
import { callPlugin, ChannelError, type PluginGeneration } from '@sluice/plugin-runtime';
import { isSluiceError } from '@sluice/kernel';
import type { TakenPayload } from '../edge-payloads';

const DEADLINE_MS = 30_000;

/** What became of a payload that was handed to a plugin. */
export type HandOver =
  | { kind: 'taken' }
  /** The plugin, or its end in the middle of the call, said no. */
  | { kind: 'refused'; reason: string }
  /** The plugin says that it has no use for it: asking again changes nothing. */
  | { kind: 'unwanted'; reason: string }
  /** It never reached the plugin. */
  | { kind: 'unsent' };

/** Calls `AcceptEdgePayload`. What may have been there before is marked, and each payload has an id that stays the same. */
export async function handOverPayload(generation: PluginGeneration, taken: TakenPayload): Promise<HandOver> {
  const metadata: Record<string, string> = { ...taken.metadata, 'sluice.payload_id': `${taken.gatewayId}/${taken.outboxId}/${taken.sequence}` };
  if (taken.attempts > 1) metadata['sluice.redelivered'] = 'true';
  const request = EdgePayloadRequest.fromPartial({
    payload: taken.payload,
    edgeId: taken.gatewayName,
    edgeNamespace: taken.gatewayNamespace,
    correlationId: taken.correlationId,
    metadata,
    edgeTimestamp: unixSeconds(taken.queuedAt),
    receivedTimestamp: unixSeconds(taken.receivedAt),
    serviceBrokerId: generation.serviceBrokerId,
  });
  try {
    const { success, handled, errorMessage } = await callPlugin(generation, PluginServiceService.acceptEdgePayload, request, DEADLINE_MS);
    if (!success) return { kind: 'refused', reason: errorMessage || 'The plugin refused it without a reason.' };
    return handled ? { kind: 'taken' } : { kind: 'unwanted', reason: 'The plugin says that the payload is not for it.' };
  } catch (error) {
    if (!isSluiceError(error)) throw error;
    const cause = error.cause;
    if (cause instanceof ChannelError && !cause.sent) return { kind: 'unsent' };
    return { kind: 'refused', reason: `${error.message}${cause instanceof Error ? ` ${cause.message}` : ''}` };
  }
}

function unixSeconds(date: Date): bigint {
  return BigInt(Math.floor(date.getTime() / 1_000));
}
