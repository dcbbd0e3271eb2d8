import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { metrics, trace } from '@opentelemetry/api';
import { PlainHistogram } from './plain-histogram';
import { startTelemetry } from './telemetry';
import { telemetryConfig } from './telemetry-config';

const cleanups: (() => void)[] = [];
afterEach(() => cleanups.forEach((cleanup) => cleanup()));

it('serves real metric values and sends sampled spans to the collector', async () => {
  const received: string[] = [];
  const collector = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push(`${request.url} ${Buffer.concat(chunks).toString()}`);
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => collector.close());
  const config = telemetryConfig.parse({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}` });
  const telemetry = startTelemetry({ serviceName: 'test', serviceVersion: '1.0.0', config });

  metrics.getMeter('test').createCounter('sluice_things').add(3, { plugin: 'echo' });
  metrics.getMeter('test').createHistogram('sluice_theirs', { advice: { explicitBucketBoundaries: [0.5, 1] } }).record(1, { plugin: 'echo' });
  PlainHistogram.named('test', 'sluice_ours', { description: '', boundaries: [0.5, 1] }).series({ plugin: 'echo' }).record(1);
  trace.getTracer('test').startSpan('a thing').end();

  const text = await telemetry.metricsText();
  expect(text).toMatch(/^sluice_things_total\{.*plugin="echo".*\} 3$/m);
  const linesOf = (name: string) => text.split('\n').filter((line) => line.includes(name) && !line.startsWith('# HELP'));
  expect(linesOf('sluice_ours')).toEqual(linesOf('sluice_theirs').map((line) => line.replace('sluice_theirs', 'sluice_ours')));
  expect(linesOf('sluice_ours').length).toBeGreaterThan(4);
  await telemetry.shutdown();
  expect(received).toEqual([expect.stringMatching(/^\/v1\/traces .*a thing/s)]);
});
