import { metrics } from '@opentelemetry/api';

/** What the operating system accounts to this process. */
export function observeProcess(): void {
  const meter = metrics.getMeter('edge-gateway');
  meter.createObservableCounter('process_cpu_seconds_total', { description: 'CPU time of this process.' }).addCallback((result) => {
    const { user, system } = process.cpuUsage();
    result.observe(user / 1e6, { mode: 'user' });
    result.observe(system / 1e6, { mode: 'system' });
  });
  meter
    .createObservableGauge('process_resident_memory_bytes', { description: 'Memory of this process.' })
    .addCallback((result) => result.observe(process.memoryUsage.rss()));
  meter
    .createObservableGauge('process_heap_used_bytes', { description: 'JavaScript memory in use.' })
    .addCallback((result) => result.observe(process.memoryUsage().heapUsed));
  meter
    .createObservableGauge('process_uptime_seconds', { description: 'How long this process has been running.' })
    .addCallback((result) => result.observe(process.uptime()));
}
