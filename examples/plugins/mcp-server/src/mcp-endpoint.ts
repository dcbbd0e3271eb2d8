import { createMcpHandler, hostHeaderValidationResponse, isLegacyRequest, type McpHttpHandler, originValidationResponse } from '@modelcontextprotocol/server';
import type { Logger } from '@sluice/plugin-sdk';
import { authInfoOf, type Caller } from './caller';
import { createServer } from './server/create-server';
import { RequestState } from './server/request-state';
import { Sessions } from './sessions/sessions';
import type { Sharing } from './sessions/sharing';

export interface McpEndpointOptions {
  /** Names in `Host` and `Origin` that are served; pages of other sites must not reach the server through a browser. */
  allowedHosts: string[];
  sessionIdleMs: number;
  maxSessions: number;
  sharing: Sharing;
  logger: Pick<Logger, 'warn'>;
}

/** Both eras of MCP at one address: requests of 2026-07-28 carry all that they need; older clients open a session. */
export class McpEndpoint {
  private readonly modern: McpHttpHandler;
  private readonly sessions: Sessions;

  constructor(private readonly options: McpEndpointOptions) {
    const { sharing, logger } = options;
    const state = new RequestState(() => sharing.secret());
    const create = () => createServer({ changes: sharing.changes, state });
    const onerror = (error: Error) => logger.warn('MCP: a request failed.', { reason: error.message });
    this.modern = createMcpHandler(create, { legacy: 'reject', bus: sharing.changes, onerror });
    this.sessions = new Sessions({ ...options, create, onerror });
  }

  /** @param caller undefined on the open address. */
  async fetch(request: Request, caller: Caller | undefined): Promise<Response> {
    const { allowedHosts } = this.options;
    const refused = hostHeaderValidationResponse(request, allowedHosts) ?? originValidationResponse(request, allowedHosts);
    if (refused) return refused;
    if (await isLegacyRequest(request)) return this.sessions.fetch(request, caller);
    return this.modern.fetch(request, { authInfo: authInfoOf(caller) });
  }

  /** Ends every stream; sessions that are shared go on elsewhere. */
  async close(): Promise<void> {
    const { sharing } = this.options;
    await sharing.leave();
    await Promise.all([this.modern.close(), this.sessions.close()]);
    await sharing.close();
  }
}
