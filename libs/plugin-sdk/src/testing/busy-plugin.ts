import {
  BasePlugin,
  type Context,
  type CustomEndpointHandler,
  EndpointError,
  type EndpointChunk,
  type EndpointRegistration,
  type EndpointRequest,
  type EndpointResponse,
  type EndpointStream,
  json,
  type PluginConfig,
  type PluginEvent,
  serve,
  type SessionAware,
  type UiProvider,
} from '../index';

console.log('printed before the handshake');
process.stdout.write('1|1|unix|/nowhere|grpc|\n');

/** Does, by name, what the process tests ask for. */
class BusyPlugin extends BasePlugin implements CustomEndpointHandler, SessionAware, UiProvider {
  private readonly seen: string[] = [];
  private readonly sessions: string[] = [];

  constructor() {
    super({ id: 'com.example.busy', version: '1.0.0' });
  }

  initialize(ctx: Context, config: PluginConfig): void {
    if (config.has('refuse')) throw new Error('The plugin refuses this configuration.');
    console.log('printed while initialising');
    this.sessions.push(`initialized ${ctx.pluginId} ${JSON.stringify(config.raw)}`);
    ctx.services.events.subscribe('busy.*', (event) => this.onEvent(event));
  }

  onSessionReady(): void {
    this.sessions.push('ready');
  }

  onSessionClosing(_ctx: Context, reason: string): void {
    this.sessions.push(`closing ${reason}`);
  }

  async shutdown(): Promise<void> {
    process.stderr.write('shutdown was called\n');
  }

  endpoints(): EndpointRegistration[] {
    return [{ path: '/*', methods: ['GET'] }];
  }

  async handleEndpoint(ctx: Context, request: EndpointRequest): Promise<EndpointResponse | string> {
    switch (request.pathSegments[0]) {
      case 'throw':
        throw new Error('thrown on purpose');
      case 'teapot':
        throw new EndpointError(418, 'I am a teapot.');
      case 'stray':
        setTimeout(() => {
          throw new Error('a stray exception');
        });
        void Promise.reject(new Error('a stray rejection'));
        return 'started';
      case 'print':
        for (let line = 0; line < Number(request.pathSegments[1]); line++) console.log(`line ${line} ${'x'.repeat(1_000)}`);
        return 'printed';
      case 'state':
        return json({ seen: this.seen, sessions: this.sessions });
      case 'kv':
        return this.keyValue(ctx, request.pathSegments[1] ?? '');
      case 'wrong-runtime':
        return json(await ctx.services.studio.listApps());
      case 'apps':
        return json({ count: Number((await ctx.services.gateway.listApps({ limit: 7 })).totalCount) });
      case 'publish':
        return ctx.services.events.publish('busy.topic', 'payload');
      case 'forever':
        await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve));
        this.seen.push('unary cancelled');
        return 'nobody reads this';
      default:
        return 'ok';
    }
  }

  handleEndpointStream(ctx: Context, request: EndpointRequest, stream: EndpointStream): AsyncIterable<EndpointChunk> | Promise<void> {
    switch (request.pathSegments[0]) {
      case 'written':
        return this.write(stream);
      case 'flood':
        return this.flood();
      case 'late':
        return this.late();
      case 'teapot':
        throw new EndpointError(418, 'I am a teapot.');
      default:
        return this.endless(ctx);
    }
  }

  async handleRpc(_ctx: Context, method: string, payload: unknown): Promise<unknown> {
    if (method === 'throw') throw new Error('the call failed');
    return { method, payload };
  }

  private async keyValue(ctx: Context, key: string): Promise<EndpointResponse> {
    const { kv } = ctx.services;
    const before = await kv.get(key);
    await kv.setJson(key, { kept: true }, { ttlMs: 60_000 });
    const after = await kv.getJson<{ kept: boolean }>(key);
    const deleted = [await kv.delete(key), await kv.delete(key)];
    return json({ before: before === undefined, after, deleted });
  }

  private async write(stream: EndpointStream): Promise<void> {
    await stream.writeHead({ status: 201, headers: { 'X-Written': 'yes' } });
    await stream.write('one');
    await stream.write(Buffer.from('two'));
  }

  private async *flood(): AsyncGenerator<EndpointChunk> {
    try {
      for (let sent = 0; sent < 4_000; sent++) {
        this.seen.splice(0, this.seen.length, `flood ${sent}`);
        yield Buffer.alloc(64 * 1024);
      }
    } finally {
      this.seen.push('flood returned');
    }
  }

  private async *late(): AsyncGenerator<EndpointChunk> {
    yield 'a body without headers';
    throw new Error('failed late');
  }

  private async *endless(ctx: Context): AsyncGenerator<EndpointChunk> {
    ctx.signal.addEventListener('abort', () => this.seen.push('stream cancelled'));
    try {
      for (let tick = 0; ; tick++) {
        yield `tick ${tick}\n`;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    } finally {
      this.seen.push('generator returned');
    }
  }

  private onEvent(event: PluginEvent): void {
    this.seen.push(`event ${event.topic} ${event.payload.toString()}`);
    if (event.payload.toString() === 'throw') throw new Error('an event handler failed on purpose');
  }
}

serve(new BusyPlugin());
