import { McpServer, type ServerEventBus } from '@modelcontextprotocol/server';
import { registerAskingTools } from './asking-tools';
import { registerContentTools } from './content-tools';
import { registerPrompts } from './prompts';
import type { RequestState } from './request-state';
import { registerResources } from './resources';
import { registerRoundTools } from './round-tools';
import { registerRunningTools } from './running-tools';
import { registerSchemaTools } from './schema-tools';

export interface ServerParts {
  /** What changed, for everybody who listens. */
  changes: ServerEventBus;
  state: RequestState;
}

/** One server with everything that it offers: for one request of the stateless era, or for one session of the older one. */
export function createServer({ changes, state }: ServerParts): McpServer {
  const server = new McpServer(
    { name: 'sluice-mcp-example', version: '1.0.0' },
    {
      capabilities: { tools: { listChanged: true }, resources: { subscribe: true, listChanged: true }, prompts: { listChanged: true }, logging: {}, completions: {} },
      requestState: { verify: state.verify },
    },
  );
  registerContentTools(server);
  registerRunningTools(server, changes);
  registerAskingTools(server);
  registerRoundTools(server, state);
  registerSchemaTools(server);
  registerResources(server);
  registerPrompts(server);
  return server;
}
