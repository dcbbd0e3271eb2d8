import { PluginRequest as WireRequest, PluginResponse } from '@sluice/contracts/plugin';
import type { Context } from '../context/context';
import { unary } from './binding';
import { type PluginRequest, requestFromWire, type RequestVerdict, verdictToWire } from './request-hook';

/** A request whose caller is known. */
export interface AuthenticatedRequest extends PluginRequest {
  authenticated: boolean;
  userId: string;
  appId: string;
  claims: Record<string, string>;
}

/** Hook `post_auth`: sees each request after its caller is known and before it goes upstream. */
export interface PostAuthHandler {
  processPostAuth(ctx: Context, request: AuthenticatedRequest): RequestVerdict | Promise<RequestVerdict>;
}

export const postAuth = [
  unary<'processPostAuth', PostAuthHandler>('processPostAuth', {
    method: 'processPostAuth',
    answer: async (plugin, ctx, { request, authClaims, ...caller }) =>
      verdictToWire(
        await plugin.processPostAuth(ctx, { ...requestFromWire(request ?? WireRequest.create()), ...caller, claims: authClaims }),
      ),
    otherwise: () => PluginResponse.create({ modified: false }),
  }),
];
