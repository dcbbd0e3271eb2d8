import { status as Status } from '@grpc/grpc-js';
import { metrics, type Counter } from '@opentelemetry/api';
import type { Clock } from '@sluice/kernel';
import { pluginErrors } from '../plugin-errors';
import { type RefusalReason, type RefusedCall, RefusedCalls } from './refused-calls';
import type { ServiceCaller } from './service-api';
import { TokenBucket } from './token-bucket';

/** What one plugin may ask of its host, over all its processes and connections. */
export interface ServiceApiLimits {
  callsPerSecond: number;
  bytesPerSecond: number;
}

export const DEFAULT_SERVICE_API_LIMITS: ServiceApiLimits = { callsPerSecond: 5_000, bytesPerSecond: 64 * 1_048_576 };

/** A plugin that was quiet may ask for this many seconds' worth at once. */
const BURST_SECONDS = 4;
/** The largest message that a broker takes, so that no limit makes it impossible. */
const LARGEST_MESSAGE_BYTES = 16 * 1_048_576;

/** Stands before the Service API for all plugins of a host: limits calls and bytes, counts every call, and tells of those that were refused. */
export class CallGate {
  private readonly buckets = new Map<number, { calls: TokenBucket; bytes: TokenBucket }>();
  private readonly calls: Counter;
  private readonly refusals: RefusedCalls;

  constructor(
    private readonly limits: ServiceApiLimits,
    private readonly clock: Clock,
    onRefused: (call: RefusedCall) => void = () => undefined,
  ) {
    this.refusals = new RefusedCalls(clock, onRefused);
    this.calls = metrics.getMeter('plugin-runtime').createCounter('sluice_plugin_service_calls_total', { description: 'Calls of plugins to the Service API of their host by outcome.' });
  }

  /** @throws plugin.callLimited, with a sentence that says what to do. */
  admit(caller: ServiceCaller, method: string, requestBytes: number): void {
    const { calls, bytes } = this.bucketsOf(caller.pluginId);
    const now = this.clock.now();
    const { callsPerSecond, bytesPerSecond } = this.limits;
    if (!calls.take(1, now)) this.refuse(caller, method, 'rate', `makes more than ${callsPerSecond} calls a second. Make fewer calls, or raise PLUGIN_SERVICE_API_CALLS.`);
    if (!bytes.take(requestBytes, now)) this.refuse(caller, method, 'size', `sends more than ${bytesPerSecond} bytes a second. Send less, or raise PLUGIN_SERVICE_API_BYTES.`);
  }

  /** Counts a call that has ended. One that the host answered with PERMISSION_DENIED is a refused one. */
  ended(caller: ServiceCaller, method: string, error: { code?: number; details?: string } | null): void {
    if (error?.code === Status.PERMISSION_DENIED) this.refusals.add({ ...namesOf(caller), method, reason: 'scope', message: error.details ?? '' });
    this.count(caller, method, error === null ? 'OK' : (Status[error.code ?? Status.UNKNOWN] ?? 'UNKNOWN'));
  }

  private refuse(caller: ServiceCaller, method: string, reason: RefusalReason, because: string): never {
    const message = `Plugin "${caller.pluginName}" ${because}`;
    this.refusals.add({ ...namesOf(caller), method, reason, message });
    this.count(caller, method, 'LIMITED');
    throw new pluginErrors.callLimited({ pluginId: caller.pluginId, method }, { detail: message });
  }

  private count(caller: ServiceCaller, method: string, outcome: string): void {
    this.calls.add(1, { plugin: caller.pluginName, method: method.slice(method.lastIndexOf('/') + 1), outcome });
  }

  private bucketsOf(pluginId: number): { calls: TokenBucket; bytes: TokenBucket } {
    let buckets = this.buckets.get(pluginId);
    if (!buckets) {
      const now = this.clock.now();
      const { callsPerSecond, bytesPerSecond } = this.limits;
      const calls = new TokenBucket(callsPerSecond, callsPerSecond * BURST_SECONDS, now);
      const bytes = new TokenBucket(bytesPerSecond, Math.max(bytesPerSecond * BURST_SECONDS, LARGEST_MESSAGE_BYTES), now);
      this.buckets.set(pluginId, (buckets = { calls, bytes }));
    }
    return buckets;
  }
}

function namesOf({ pluginId, pluginName }: ServiceCaller): { pluginId: number; pluginName: string } {
  return { pluginId, pluginName };
}
