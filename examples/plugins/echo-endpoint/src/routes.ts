import { json } from '@sluice/plugin-sdk';
import { listApps } from './apps';
import { publishEvent, seenEvents } from './event-routes';
import { echo } from './echo-answer';
import { keyValue } from './key-value';
import type { Route } from './route';
import { bytes, crash, fail, sleep, status } from './test-routes';

/** By the first path segment; `*` is for all others. */
export const routes: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['*', echo],
  ['sleep', sleep],
  ['status', status],
  ['error', fail],
  ['bytes', bytes],
  ['crash', crash],
  ['kv', keyValue],
  ['events', (plugin, ctx, request) => (request.pathSegments[1] === 'publish' ? publishEvent(ctx, request) : seenEvents(plugin))],
  ['apps', (_plugin, ctx) => listApps(ctx)],
  ['cancelled', (plugin) => json(plugin.cancelled.report())],
]);
