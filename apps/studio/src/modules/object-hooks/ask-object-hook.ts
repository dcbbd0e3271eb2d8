import { randomBytes } from 'node:crypto';
import { status as Status } from '@grpc/grpc-js';
import { ObjectHookRequest, PluginServiceService } from '@sluice/contracts/plugin';
import { hookTypeOf, type ObjectHookPoint } from '@sluice/governance';
import { isSluiceError } from '@sluice/kernel';
import { callPlugin, ChannelError, type PluginGeneration } from '@sluice/plugin-runtime';
import type { RequestContext } from '../../http/request-context';
import { readHookAnswer, shown, wrong, type HookAnswer, type HookFailure } from './hook-answer';
import type { HookedObject } from './hooked-write';

const DEADLINE_MS = 5_000;

export interface HookQuestion {
  point: ObjectHookPoint;
  operationId: string;
  object: HookedObject;
  metadata: Readonly<Record<string, string>>;
  /** In milliseconds since the Unix epoch. */
  now: number;
}

/** Calls `HandleObjectHook`. What goes wrong is an answer as well: what becomes of the write is decided elsewhere. */
export async function askObjectHook(ctx: RequestContext, generation: PluginGeneration, { point, operationId, object, metadata, now }: HookQuestion): Promise<HookAnswer> {
  const userId = ctx.actor.kind === 'user' ? ctx.actor.userId : 0;
  const request = ObjectHookRequest.fromPartial({
    hookType: hookTypeOf(point),
    objectType: point.objectType,
    operationId,
    userId,
    pluginId: generation.pluginId,
    context: { requestId: ctx.requestId, userId, traceContext: { traceparent: `00-${ctx.traceId}-${randomBytes(8).toString('hex')}-01` } },
    objectJson: JSON.stringify(object),
    metadata,
    timestamp: BigInt(Math.floor(now / 1_000)),
  });
  generation.lastRequestId = ctx.requestId;
  try {
    return readHookAnswer(await callPlugin(generation, PluginServiceService.handleObjectHook, request, DEADLINE_MS));
  } catch (error) {
    if (isSluiceError(error) && error.cause instanceof ChannelError) return failureOf(error.cause);
    throw error;
  }
}

function failureOf({ status, sent, message }: ChannelError): HookFailure {
  if (status === Status.DEADLINE_EXCEEDED) return { kind: 'failed', how: 'late', deed: `did not answer within ${DEADLINE_MS / 1_000} s` };
  if (!sent || status === Status.UNAVAILABLE) return { kind: 'failed', how: 'down', deed: 'ended before it answered' };
  return wrong(`answered with an error: ${JSON.stringify(shown(message))}`);
}
