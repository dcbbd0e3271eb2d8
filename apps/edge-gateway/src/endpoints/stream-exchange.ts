import type { ServerResponse } from 'node:http';
import { EndpointResponseChunk, EndpointResponseChunk_ChunkType as ChunkType } from '@sluice/contracts/plugin';
import type { Call, PluginGeneration, StreamCall, StreamObserver } from '@sluice/plugin-runtime';
import { ChunkedBody } from '../http/chunked-body';
import { bodyOfChunk } from './body-of-chunk';
import { EndpointExchange, hasNoBody } from './endpoint-exchange';
import { endpointErrors } from './endpoint-errors';
import { EventBoundary } from './event-boundary';
import type { AdmittedStream, EventStream } from './open-streams';
import { toResponseHeaders } from './response-headers';

const METHOD = '/plugin.PluginService/HandleEndpointRequestStream';

const STALL_GRACE_MS = 1_000;

/** The memory of smaller pieces is not worth a function for each. */
const RELEASED_BYTES = 16_384;

const NOTHING = Buffer.alloc(0);
const STREAM = Symbol('stream');
type DrainingResponse = ServerResponse & { [STREAM]?: StreamExchange };

/** A request that is answered piece by piece: HEADERS, BODY any number of times, DONE. Each piece goes out at once. */
export class StreamExchange extends EndpointExchange implements StreamObserver, AdmittedStream, EventStream {
  private stream: StreamCall | undefined;
  private waitsForDrain = false;
  /** Once the answer has begun; undefined where it has none. */
  private body: ChunkedBody | undefined;
  private timer: NodeJS.Timeout | undefined;
  /** Of event streams alone. */
  private boundary: EventBoundary | undefined;
  private ending = false;

  get tokenHash(): string {
    return this.request.tokenHash;
  }

  onMessage(bytes: Uint8Array): void {
    if (this.ended) return;
    const body = bodyOfChunk(bytes);
    if (body) return this.write(body, bytes);
    let chunk: EndpointResponseChunk;
    try {
      chunk = EndpointResponseChunk.decode(bytes);
    } catch (cause) {
      return this.invalid('A piece of the answer is no EndpointResponseChunk.', cause);
    }
    switch (chunk.type) {
      case ChunkType.HEADERS:
        return this.begin(chunk.statusCode === 0 ? 200 : chunk.statusCode, chunk.headers);
      case ChunkType.BODY:
        return this.write(chunk.data);
      case ChunkType.DONE:
        return this.finish();
      case ChunkType.ERROR:
        return this.fail(new endpointErrors.pluginFailed({ pluginId: this.request.plugin.id, errorMessage: chunk.errorMessage }));
      default:
        // A kind of chunk from a newer protocol says nothing to this one.
        return;
    }
  }

  onEnd(): void {
    this.callEnded('ok');
    if (!this.ended) this.finish();
  }

  /** The token of this stream is no longer good. */
  revoke(): void {
    this.fail(new endpointErrors.tokenInvalid(), ['WWW-Authenticate', 'Bearer error="invalid_token"']);
  }

  endEvents(): void {
    this.ending = true;
    this.endBetweenEvents();
  }

  /** The client took what was waiting for it. */
  drained(): void {
    this.waitsForDrain = false;
    if (!this.ended) this.stream?.resume();
  }

  /** The connection is gone, or the answer is out. */
  override closed(): void {
    clearTimeout(this.timer);
    super.closed();
  }

  /** The time for the answer is over and the client has not taken what there is. */
  stalled(): void {
    if (this.ended) this.request.res.destroy();
    else this.fail(new endpointErrors.pluginTimedOut({ pluginId: this.request.plugin.id }));
  }

  protected open(generation: PluginGeneration, bytes: Uint8Array): Call {
    // The call's own deadline is not heard while the client holds up the stream.
    this.timer = setTimeout(stalled, this.context.streamTimeoutMs + STALL_GRACE_MS, this);
    if (this.request.token) this.context.openStreams.add(this);
    const stream = generation.channel.serverStream(METHOD, bytes, { deadlineMs: this.context.streamTimeoutMs }, this);
    this.stream = stream;
    if (this.waitsForDrain) stream.pause();
    return stream;
  }

  protected override conclude(): void {
    super.conclude();
    if (this.request.token || this.boundary) this.context.openStreams.remove(this);
  }

  private begin(status: number, answer: Readonly<Record<string, string>>): void {
    const { res } = this.request;
    if (res.headersSent) return this.invalid('HEADERS came after the answer had begun.');
    if (status < 200 || status > 599) return this.invalid(`The status ${status} is not from 200 to 599.`);
    const result = toResponseHeaders(answer);
    if (!result.ok) return this.invalid(result.reason);
    this.addOwnHeaders(result.headers);
    res.writeHead(status, result.headers);
    if (this.wantsNoBody || hasNoBody(status)) res.flushHeaders();
    else {
      this.body = new ChunkedBody(res);
      // Node would write headers beyond ASCII as UTF-8 of what is UTF-8 already, if it flushed them by themselves.
      res.write(NOTHING);
    }
    if (!result.isEventStream) return;
    this.boundary = new EventBoundary();
    this.context.openStreams.addEvents(this);
  }

  /** @param message that the data lies in, if nothing else does. */
  private write(data: Buffer, message?: Uint8Array): void {
    const { res } = this.request;
    if (!res.headersSent) this.begin(200, {});
    if (this.ended || !this.body || data.length === 0) return;
    const flows = message && data.length >= RELEASED_BYTES ? this.body.write(data, this.release(message)) : this.body.write(data);
    this.boundary?.push(data);
    if (this.ending) this.endBetweenEvents();
    if (flows || this.waitsForDrain) return;
    this.waitsForDrain = true;
    (res as DrainingResponse)[STREAM] = this;
    res.once('drain', onDrain);
    this.stream?.pause();
  }

  /** Once the system has taken the message, and not when the write failed: the memory may still be read then. */
  private release(message: Uint8Array): (error?: Error | null) => void {
    return (error) => {
      if (!error) this.stream?.release?.(message);
    };
  }

  private endBetweenEvents(): void {
    if (this.ended || !this.boundary?.reached) return;
    this.finish();
    this.cancelCall();
  }

  private finish(): void {
    const { res } = this.request;
    if (!res.headersSent) this.begin(200, {});
    if (this.ended) return;
    if (this.body) this.body.end();
    else res.end();
    this.succeed(res.statusCode);
  }

  private invalid(reason: string, cause?: unknown): void {
    this.fail(new endpointErrors.answerInvalid({ pluginId: this.request.plugin.id, slug: this.request.plugin.slug, reason }, { cause }));
  }
}

function onDrain(this: DrainingResponse): void {
  this[STREAM]?.drained();
}

function stalled(stream: StreamExchange): void {
  stream.stalled();
}
