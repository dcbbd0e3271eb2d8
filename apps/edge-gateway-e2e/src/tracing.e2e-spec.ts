import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { waitFor } from '@sluice/testing';
import { Stack } from './stack/stack';

jest.setTimeout(90_000);

interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
}

const spans: Span[] = [];
let collector: Server;
let stack: Stack;

beforeAll(async () => {
  collector = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const { resourceSpans } = JSON.parse(text) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] };
      spans.push(...resourceSpans.flatMap((resource) => resource.scopeSpans.flatMap((scope) => scope.spans)));
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  stack = await Stack.start({ environment: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}` } });
  await stack.echo('traced');
});
afterAll(async () => {
  await stack?.close();
  collector?.close();
});

it("carries the client's trace through the gateway and the call to the plugin", async () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const { token } = await stack.app('traced');
  const path = '/plugins/traced/private/x';
  const headers = { authorization: `Bearer ${token}`, traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
  const echo = await waitFor(async () => {
    const response = await stack.get(path, headers);
    return response.status === 200 && ((await response.json()) as { context: { trace_context: { traceparent: string } } });
  });
  const call = echo.context.trace_context.traceparent.split('-')[2];

  const chain = await waitFor(
    () => {
      const plugin = spans.find((span) => span.spanId === call);
      const server = spans.find((span) => span.spanId === plugin?.parentSpanId);
      return plugin && server && { plugin, server };
    },
    { message: () => `the spans arrive; there are ${JSON.stringify(spans)}` },
  );
  expect(chain.server).toMatchObject({ traceId, parentSpanId: '00f067aa0ba902b7' });
  expect(chain.plugin.traceId).toBe(traceId);
  expect(JSON.stringify(spans)).not.toContain(token);
});
