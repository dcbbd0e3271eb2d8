import { BasePlugin, type Context, type CustomEndpointHandler, type EndpointRegistration, type EndpointRequest, type PluginConfig, serveRemote, type SessionAware } from '../index';

/** Tells what it was told, and whose token its calls carry. */
class RemotePlugin extends BasePlugin implements CustomEndpointHandler, SessionAware {
  private readonly told: string[] = [];
  private kept: Context | undefined;

  constructor() {
    super({ id: 'com.example.remote', version: '1.0.0' });
  }

  initialize(ctx: Context, config: PluginConfig): void {
    this.kept ??= ctx;
    this.told.push(`initialize ${ctx.runtime} ${ctx.pluginId} ${JSON.stringify(config.raw)}`);
  }

  endpoints(): EndpointRegistration[] {
    return [{ path: '/*', methods: ['GET'] }];
  }

  async handleEndpoint(ctx: Context, { relativePath }: EndpointRequest): Promise<string> {
    if (relativePath === '/told') return JSON.stringify(this.told);
    const services = relativePath === '/kept' ? this.kept!.services : ctx.services;
    return (await services.kv.get('key'))?.toString() ?? 'nothing';
  }

  onSessionReady(): void {
    this.told.push('ready');
  }

  onSessionClosing(_ctx: Context, reason: string): void {
    this.told.push(`closing ${reason}`);
    process.stderr.write(`told closing ${reason}\n`);
  }

  shutdown(): void {
    this.told.push('shutdown');
    process.stderr.write('told shutdown\n');
  }
}

void serveRemote(new RemotePlugin(), { port: 0 }).then(({ address }) => console.log(address));
