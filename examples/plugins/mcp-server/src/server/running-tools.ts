import { setTimeout as sleep } from 'node:timers/promises';
import type { McpServer, ServerContext, ServerEvent, ServerEventBus } from '@modelcontextprotocol/server';
import { text } from './content';
import { WATCHED_RESOURCE } from './resources';

const STEP_MS = 50;

/** Tools that say something while they run, or to others who listen. */
export function registerRunningTools(server: McpServer, changes: ServerEventBus): void {
  const logging = async (ctx: ServerContext) => {
    for (const message of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      await ctx.mcpReq.log('info', message);
      if (message !== 'Tool execution completed') await sleep(STEP_MS);
    }
    return text('Tool with logging executed successfully');
  };
  server.registerTool('test_tool_with_logging', { description: 'Logs while it runs.' }, logging);
  server.registerTool('test_logging_tool', { description: 'Logs while it runs, for clients that asked for it.' }, logging);

  server.registerTool('test_tool_with_progress', { description: 'Reports its progress.' }, async (ctx) => {
    const progressToken = ctx.mcpReq._meta?.progressToken;
    for (const progress of [0, 50, 100]) {
      if (progressToken !== undefined) await ctx.mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total: 100 } });
      if (progress < 100) await sleep(STEP_MS);
    }
    return text('The tool has run to its end.');
  });

  server.registerTool('test_reconnection', { description: 'Closes its stream in the middle; the answer waits for the client that resumes it.' }, async (ctx) => {
    ctx.http?.closeSSE?.();
    await sleep(2 * STEP_MS);
    return text('Reconnection test completed successfully.');
  });

  const announces = (name: string, description: string, event: ServerEvent) =>
    server.registerTool(name, { description }, () => {
      changes.publish(event);
      return text('Announced.');
    });
  announces('test_trigger_tool_change', 'Announces that the list of tools has changed.', { kind: 'tools_list_changed' });
  announces('test_trigger_prompt_change', 'Announces that the list of prompts has changed.', { kind: 'prompts_list_changed' });
  announces('test_trigger_resource_change', 'Announces that the watched resource has changed.', { kind: 'resource_updated', uri: WATCHED_RESOURCE });
}
