import { PluginResponse } from '@sluice/contracts/plugin';
import type { Context } from '../context/context';
import { unary } from './binding';
import { type PluginRequest, requestFromWire, type RequestVerdict, verdictToWire } from './request-hook';

/** Hook `pre_auth`: sees each request before anyone knows whose it is. */
export interface PreAuthHandler {
  processPreAuth(ctx: Context, request: PluginRequest): RequestVerdict | Promise<RequestVerdict>;
}

export const preAuth = [
  unary<'processPreAuth', PreAuthHandler>('processPreAuth', {
    method: 'processPreAuth',
    answer: async (plugin, ctx, request) => verdictToWire(await plugin.processPreAuth(ctx, requestFromWire(request))),
    otherwise: () => PluginResponse.create({ modified: false }),
  }),
];
