import {
  type Asset,
  BasePlugin,
  type Context,
  type CustomEndpointHandler,
  type EndpointChunk,
  type EndpointRegistration,
  type EndpointRequest,
  type EndpointResponse,
  type PluginConfig,
  type UiProvider,
} from '@sluice/plugin-sdk';
import { asset } from './assets';
import { ContentEditor } from './content-editor';
import type { Echo } from './echo';
import { EventLog } from './event-log';
import { registrations } from './registrations';
import { routes } from './routes';
import { CancelledStreams, countdown } from './stream';

/** A class has the capabilities whose methods it implements: here endpoints, and a page in the studio. */
export class EchoPlugin extends BasePlugin implements CustomEndpointHandler, UiProvider, Echo {
  config: Readonly<Record<string, string>> = {};
  content = 'Hello';
  readonly events = new EventLog();
  readonly cancelled = new CancelledStreams();
  private readonly editor = new ContentEditor(this);

  constructor() {
    super({ id: 'com.example.echo-endpoint', name: 'Echo endpoint', version: '1.0.0' });
  }

  initialize(ctx: Context, config: PluginConfig): void {
    this.config = config.raw;
    this.content = config.string('content', 'Hello');
    // Opened with the first session, so that no event is missed and none is waited for here.
    ctx.services.events.subscribe('echo.*', (event) => this.events.add(event));
    ctx.services.logger.info('The echo is ready.', { runtime: ctx.runtime });
  }

  endpoints(): readonly EndpointRegistration[] {
    return registrations;
  }

  /** Answers by the first path segment; everything else is echoed. */
  handleEndpoint(ctx: Context, request: EndpointRequest): Promise<EndpointResponse> | EndpointResponse {
    const route = routes.get(request.pathSegments[0] ?? '') ?? routes.get('*');
    if (!route) throw new Error('The echo has no default route.');
    return route(this, ctx, request);
  }

  async *handleEndpointStream(ctx: Context, request: EndpointRequest): AsyncGenerator<EndpointChunk> {
    yield* countdown(this.cancelled, ctx.signal, request.query);
  }

  getAsset(_ctx: Context, path: string): Asset | undefined {
    return asset(path);
  }

  handleRpc(ctx: Context, method: string, payload: unknown): Promise<unknown> {
    return this.editor.call(ctx, method, payload);
  }
}
