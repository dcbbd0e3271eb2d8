import type { AuthInfo } from '@modelcontextprotocol/server';

/** The app whose token the gateway has checked. */
export interface Caller {
  app: number;
  name: string;
  scopes: string[];
}

/** The same for handlers of the MCP SDK. The token itself stays with the gateway. */
export function authInfoOf(caller: Caller | undefined): AuthInfo | undefined {
  return caller && { token: '', clientId: String(caller.app), scopes: caller.scopes, extra: { name: caller.name } };
}
