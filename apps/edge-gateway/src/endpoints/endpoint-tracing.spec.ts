import type { IncomingMessage } from 'node:http';
import { trace } from '@opentelemetry/api';
import { tracing } from '@opentelemetry/sdk-node';
import { RequestHead } from '../http/request-head';
import { EndpointTracing } from './endpoint-tracing';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const headOf = (...rawHeaders: string[]) => new RequestHead({ rawHeaders } as unknown as IncomingMessage);

const exporter = new tracing.InMemorySpanExporter();
const provider = new tracing.BasicTracerProvider({
  sampler: new tracing.ParentBasedSampler({ root: new tracing.AlwaysOnSampler() }),
  spanProcessors: [new tracing.SimpleSpanProcessor(exporter)],
});

beforeAll(() => trace.setGlobalTracerProvider(provider));
afterAll(() => {
  trace.disable();
  return provider.shutdown();
});
beforeEach(() => exporter.reset());

describe('EndpointTracing', () => {
  it('continues the trace of the client with a span for the request and one for the call', () => {
    const head = headOf('traceparent', `00-${TRACE}-${PARENT}-01`, 'tracestate', 'a=b', 'authorization', 'Bearer hush');
    const recorded = new EndpointTracing(true).begin(head, 'GET', 'echo', '/users/*');
    recorded.end(200, '');
    const [call, server] = exporter.getFinishedSpans() as [tracing.ReadableSpan, tracing.ReadableSpan];
    expect(server.name).toBe('GET /plugins/echo/users/*');
    expect(server.spanContext().traceId).toBe(TRACE);
    expect(server.parentSpanContext?.spanId).toBe(PARENT);
    expect(call.parentSpanContext?.spanId).toBe(server.spanContext().spanId);
    expect(recorded.carrier).toEqual({ traceparent: `00-${TRACE}-${call.spanContext().spanId}-01`, tracestate: 'a=b' });
    expect(JSON.stringify([call.attributes, server.attributes])).not.toContain('hush');
  });

  it('marks what failed', () => {
    new EndpointTracing(true).begin(headOf(), 'GET', 'echo', '/*').end(502, 'endpoint.pluginFailed');
    for (const span of exporter.getFinishedSpans()) {
      expect(span.status.code).toBe(2);
      expect(span.attributes).toMatchObject({ 'http.response.status_code': 502, 'error.type': 'endpoint.pluginFailed' });
    }
    expect(exporter.getFinishedSpans()).toHaveLength(2);
  });

  it('does not record what the client did not sample, and still passes a traceparent on', () => {
    const recorded = new EndpointTracing(true).begin(headOf('traceparent', `00-${TRACE}-${PARENT}-00`), 'GET', 'echo', '/*');
    recorded.end(200, '');
    expect(exporter.getFinishedSpans()).toHaveLength(0);
    expect(recorded.carrier['traceparent']).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
  });

  it('begins a trace where the client has none', () => {
    expect(new EndpointTracing(true).begin(headOf(), 'GET', 'echo', '/*').carrier['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });

  it('passes the traceparent on as it came while nothing is recorded', () => {
    const tracingOff = new EndpointTracing(false);
    expect(tracingOff.begin(headOf('traceparent', `00-${TRACE}-${PARENT}-01`), 'GET', 'echo', '/*').carrier).toEqual({ traceparent: `00-${TRACE}-${PARENT}-01` });
    expect(tracingOff.begin(headOf('traceparent', 'nonsense'), 'GET', 'echo', '/*').carrier).toEqual({});
    expect(exporter.getFinishedSpans()).toHaveLength(0);
  });
});
