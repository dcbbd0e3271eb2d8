import { PortalCallResponse, PortalUserContext } from '@sluice/contracts/plugin';
import type { Context } from '../context/context';
import { unary } from './binding';
import { resultToJson, valueFromJson } from './rpc-json';

/** Who looks at the portal page. */
export type PortalUser = PortalUserContext;

/** Hook `portal_ui`: pages in the portal, and what they call. */
export interface PortalUiProvider {
  /** Like `handleRpc`, on behalf of this user. */
  handlePortalRpc(ctx: Context, method: string, payload: unknown, user: PortalUser): unknown;
}

export const portalUi = [
  unary<'portalCall', PortalUiProvider>('portalCall', {
    method: 'handlePortalRpc',
    answer: async (plugin, ctx, { method, payload, userContext }) => {
      const user = userContext ?? PortalUserContext.create();
      const result = await plugin.handlePortalRpc(ctx, method, valueFromJson(payload), user);
      return PortalCallResponse.create({ success: true, data: resultToJson(result) });
    },
    otherwise: () => PortalCallResponse.create({ success: false, errorMessage: 'This plugin does not handle portal calls.' }),
    failed: (errorMessage) => PortalCallResponse.create({ success: false, errorMessage }),
  }),
];
