import { GetObjectHookRegistrationsResponse, ObjectHookRegistration as WireRegistration, ObjectHookResponse } from '@sluice/contracts/plugin';
import type { Context } from '../context/context';
import { unary } from './binding';
import { fromUnixSeconds } from './unix-time';

export interface ObjectHookRegistration {
  /** `llm`, `datasource`, `tool`, `user` and the like. */
  objectType: string;
  /** `before_create`, `after_update` and the like. */
  hookTypes: readonly string[];
  /** Lower runs first. Default 0. */
  priority?: number;
}

/** One write in the studio, before or after it. */
export interface ObjectHookCall {
  hookType: string;
  objectType: string;
  operationId: string;
  userId: number;
  /** The object as JSON has it. */
  object: unknown;
  metadata: Record<string, string>;
  timestamp: Date;
}

/** Nothing allows the write as it is. */
export type ObjectHookVerdict =
  | void
  | { allow: false; reason: string }
  | { allow?: true; /** Written instead. */ object?: unknown; metadata?: Record<string, string>; message?: string };

/** Hook `object_hooks`: asked before and told after writes in the studio. */
export interface ObjectHookHandler {
  objectHooks(): readonly ObjectHookRegistration[] | Promise<readonly ObjectHookRegistration[]>;
  handleObjectHook(ctx: Context, call: ObjectHookCall): ObjectHookVerdict | Promise<ObjectHookVerdict>;
}

export const objectHooks = [
  unary<'getObjectHookRegistrations', ObjectHookHandler>('getObjectHookRegistrations', {
    method: 'objectHooks',
    answer: async (plugin) =>
      GetObjectHookRegistrationsResponse.create({
        registrations: (await plugin.objectHooks()).map(({ objectType, hookTypes, priority }) =>
          WireRegistration.create({ objectType, hookTypes: [...hookTypes], priority: priority ?? 0 }),
        ),
      }),
    otherwise: () => GetObjectHookRegistrationsResponse.create(),
  }),
  unary<'handleObjectHook', ObjectHookHandler>('handleObjectHook', {
    method: 'handleObjectHook',
    answer: async (plugin, ctx, { hookType, objectType, operationId, userId, objectJson, metadata, timestamp }) =>
      verdictToWire(
        await plugin.handleObjectHook(ctx, {
          hookType,
          objectType,
          operationId,
          userId,
          object: objectJson === '' ? undefined : JSON.parse(objectJson),
          metadata,
          timestamp: fromUnixSeconds(timestamp),
        }),
      ),
    otherwise: () => ObjectHookResponse.create({ allowOperation: true }),
  }),
];

function verdictToWire(verdict: ObjectHookVerdict): ObjectHookResponse {
  if (!verdict) return ObjectHookResponse.create({ allowOperation: true });
  if (verdict.allow === false) return ObjectHookResponse.create({ allowOperation: false, rejectionReason: verdict.reason });
  return ObjectHookResponse.create({
    allowOperation: true,
    modified: verdict.object !== undefined,
    modifiedObjectJson: verdict.object === undefined ? '' : JSON.stringify(verdict.object),
    pluginMetadata: verdict.metadata ?? {},
    message: verdict.message ?? '',
  });
}
