import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags, type Span, type SpanContext } from '@opentelemetry/api';
import type { RequestHead } from '../http/request-head';

/** The spans of one request, or their absence. */
export interface EndpointTrace {
  /** For the plugin: `traceparent` and `tracestate`. */
  readonly carrier: Record<string, string>;
  /** To be called once. */
  end(status: number, code: string): void;
}

const NOTHING: Record<string, string> = {};

/** Continues the caller's trace through the plugin call. */
export class EndpointTracing {
  /** With `recording` false no spans are made; a `traceparent` is passed on all the same. */
  constructor(private readonly recording: boolean) {}

  begin(head: RequestHead, method: string, slug: string, route: string): EndpointTrace {
    const tracestate = head.headers['Tracestate'];
    if (!this.recording) return new PassedTrace(head.traceparent, tracestate);
    const tracer = trace.getTracer('edge-gateway');
    const parent = head.traceparent === '' ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, toSpanContext(head.traceparent));
    const pattern = `/plugins/${slug}${route}`;
    const attributes = { 'http.request.method': method, 'http.route': pattern, 'sluice.request_id': head.requestId };
    const server = tracer.startSpan(`${method} ${pattern}`, { kind: SpanKind.SERVER, attributes }, parent);
    const call = tracer.startSpan('plugin.PluginService/endpoint', { kind: SpanKind.CLIENT, attributes: { 'sluice.plugin': slug } }, trace.setSpan(parent, server));
    return new RecordedTrace(server, call, tracestate);
  }
}

class PassedTrace implements EndpointTrace {
  readonly carrier: Record<string, string>;

  constructor(traceparent: string, tracestate: string | undefined) {
    this.carrier = traceparent === '' ? NOTHING : toCarrier(traceparent, tracestate);
  }

  end(): void {
    // Nothing was begun.
  }
}

class RecordedTrace implements EndpointTrace {
  readonly carrier: Record<string, string>;

  constructor(
    private readonly server: Span,
    private readonly call: Span,
    tracestate: string | undefined,
  ) {
    const { traceId, spanId, traceFlags } = call.spanContext();
    this.carrier = toCarrier(`00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`, tracestate);
  }

  end(status: number, code: string): void {
    for (const span of [this.call, this.server]) {
      span.setAttribute('http.response.status_code', status);
      if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      if (code !== '') span.setAttribute('error.type', code);
      span.end();
    }
  }
}

function toCarrier(traceparent: string, tracestate: string | undefined): Record<string, string> {
  return tracestate === undefined || tracestate === '' ? { traceparent } : { traceparent, tracestate };
}

function toSpanContext(traceparent: string): SpanContext {
  const [, traceId = '', spanId = '', flags = '00'] = traceparent.split('-');
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true };
}
