import { BasePlugin, type Context, type CustomEndpointHandler, type EndpointRequest, type PluginConfig, webStream } from '@sluice/plugin-sdk';
import type { Caller } from './caller';
import { McpEndpoint } from './mcp-endpoint';
import { KvSharing } from './sessions/kv-sharing';
import { RedisSharing } from './sessions/redis-sharing';
import { readSettings } from './settings';

/** An MCP server behind a gateway: open at `/mcp`, for apps with a token at `/private/mcp`. */
export class McpPlugin extends BasePlugin implements CustomEndpointHandler {
  private endpoint: McpEndpoint | undefined;

  constructor() {
    super({ id: 'com.example.mcp-server', name: 'MCP server', version: '1.0.0' });
  }

  async initialize(ctx: Context, config: PluginConfig) {
    const settings = readSettings(config);
    const { kv, logger } = ctx.services;
    const sharing = settings.redisUrl ? await RedisSharing.connect(settings.redisUrl, settings.sessionIdleMs, logger) : new KvSharing(kv, settings.sessionIdleMs);
    await this.endpoint?.close();
    this.endpoint = new McpEndpoint({ ...settings, sharing, logger });
  }

  endpoints() {
    const methods = ['GET', 'POST', 'DELETE'];
    return [
      { path: '/mcp', methods, streamResponse: true, description: 'MCP over Streamable HTTP' },
      { path: '/private/mcp', methods, streamResponse: true, requireAuth: true, description: 'The same for apps with a token' },
    ];
  }

  handleEndpointStream(ctx: Context, request: EndpointRequest) {
    return webStream(ctx, request, (webRequest) => this.started.fetch(webRequest, callerOf(request)));
  }

  async shutdown() {
    await this.endpoint?.close();
  }

  private get started(): McpEndpoint {
    if (!this.endpoint) throw new Error('The plugin was not initialised.');
    return this.endpoint;
  }
}

function callerOf({ app, scopes }: EndpointRequest): Caller | undefined {
  return app && { app: app.id, name: app.name, scopes };
}
