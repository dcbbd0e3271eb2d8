import { EndpointRegistration, EndpointRequest, EndpointResponse, EndpointResponseChunk, EndpointResponseChunk_ChunkType as ChunkType } from '@sluice/contracts/plugin';
import { ChannelError, type CallOptions, type PluginChannel, type PluginGeneration, type StreamCall, type StreamObserver, type UnaryObserver } from '@sluice/plugin-runtime';

type Observer = Partial<UnaryObserver> & Partial<StreamObserver> & { onError(error: ChannelError): void };

/** One call that reached the fake plugin, with the levers of the plugin's side. */
export class FakeCall implements StreamCall {
  cancelled = false;
  paused = false;
  pauses = 0;
  /** Bytes. */
  released = 0;
  readonly cancellation: Promise<void>;
  private tellCancelled!: () => void;

  constructor(
    readonly method: string,
    readonly request: EndpointRequest,
    readonly options: CallOptions,
    private readonly observer: Observer,
  ) {
    this.cancellation = new Promise((resolve) => (this.tellCancelled = resolve));
  }

  respond(response: Partial<EndpointResponse>): void {
    this.observer.onResponse!(EndpointResponse.encode(EndpointResponse.fromPartial(response)).finish());
  }

  respondBytes(bytes: Uint8Array): void {
    this.observer.onResponse!(bytes);
  }

  headers(statusCode: number, headers: Record<string, string> = {}): this {
    return this.chunk({ type: ChunkType.HEADERS, statusCode, headers });
  }

  body(data: string | Buffer): this {
    return this.chunk({ type: ChunkType.BODY, data: Buffer.from(data) });
  }

  done(): this {
    return this.chunk({ type: ChunkType.DONE });
  }

  error(errorMessage: string): this {
    return this.chunk({ type: ChunkType.ERROR, errorMessage });
  }

  chunk(chunk: Partial<EndpointResponseChunk>): this {
    if (!this.cancelled) this.observer.onMessage!(EndpointResponseChunk.encode(EndpointResponseChunk.fromPartial(chunk)).finish());
    return this;
  }

  end(): void {
    if (!this.cancelled) this.observer.onEnd!();
  }

  fail(status: number, message = 'fake failure', sent = true): void {
    if (!this.cancelled) this.observer.onError(new ChannelError(status, message, sent));
  }

  cancel(): void {
    this.cancelled = true;
    this.tellCancelled();
  }

  /** What the memory is used for next is something else. */
  release(message: Uint8Array): void {
    this.released += message.length;
    message.fill(0x2a);
  }

  pause(): void {
    this.paused = true;
    this.pauses++;
  }

  resume(): void {
    this.paused = false;
  }
}

/** A plugin without a process: a channel that hands every call to the test. */
export class FakePlugin implements PluginChannel {
  readonly calls: FakeCall[] = [];
  readonly activeCalls = 0;
  /** What the plugin does with a call; by default it keeps it waiting. */
  answer: (call: FakeCall) => void = () => undefined;

  unary(method: string, request: Uint8Array, options: CallOptions, observer: UnaryObserver): FakeCall {
    return this.take(method, request, options, observer);
  }

  serverStream(method: string, request: Uint8Array, options: CallOptions, observer: StreamObserver): FakeCall {
    return this.take(method, request, options, observer);
  }

  close(): void {
    for (const call of this.calls) call.fail(14);
  }

  generation(pluginId: number, registrations: readonly (Partial<EndpointRegistration> & { path: string })[]): PluginGeneration {
    const endpoints = registrations.map((registration) => EndpointRegistration.fromPartial({ methods: ['GET', 'POST', 'HEAD'], ...registration }));
    return { pluginId, generation: 1, channel: this, serviceBrokerId: 1, answers: { manifestJson: '', configSchemaJson: '', endpoints, objectHooks: [], resourceTypes: [] } };
  }

  private take(method: string, request: Uint8Array, options: CallOptions, observer: Observer): FakeCall {
    const call = new FakeCall(method, EndpointRequest.decode(request), options, observer);
    this.calls.push(call);
    setImmediate(() => this.answer(call));
    return call;
  }
}
