import type { LinkWatch, PluginGeneration } from '@sluice/plugin-runtime';
import type { CallReport, GenerationName, PluginView, Remark, ToPrimary } from './messages';
import { SharedGeneration } from './shared-generation';

/** How often it is looked how calls stand, while there are any. */
const LOOK_MS = 50;
/** An answer that may be worth a remark; the others are not told of. */
const LARGE_BYTES = 1_048_576;

/** The plugins as a worker has them, as the primary shows them. */
export class SharedPlugins {
  private readonly current = new Map<number, SharedGeneration>();
  /** Those that take no more calls and have some left. */
  private readonly leaving = new Set<SharedGeneration>();
  private readonly reported = new Map<SharedGeneration, CallReport>();
  private readonly timer: NodeJS.Timeout;
  private tell: (notice: ToPrimary) => void = () => undefined;

  constructor() {
    this.timer = setInterval(() => this.look(), LOOK_MS);
    this.timer.unref();
  }

  /** Where news of calls goes. */
  connect(tell: (notice: ToPrimary) => void): void {
    this.tell = tell;
  }

  serving(pluginId: number): PluginGeneration | undefined {
    return this.current.get(pluginId);
  }

  show({ pluginId, serving }: PluginView): void {
    const before = this.current.get(pluginId);
    if (before && before.generation === serving?.generation) return;
    if (serving) {
      const name = { pluginId, generation: serving.generation };
      this.current.set(pluginId, new SharedGeneration(name, serving, this.watch(name)));
    } else this.current.delete(pluginId);
    if (!before) return;
    this.leaving.add(before);
    this.look();
  }

  /** Its process has gone. */
  ended({ pluginId, generation }: GenerationName): void {
    const isIt = (shared: SharedGeneration) => shared.pluginId === pluginId && shared.generation === generation;
    const current = this.current.get(pluginId);
    if (current && isIt(current)) {
      this.current.delete(pluginId);
      this.leaving.add(current);
    }
    for (const shared of this.leaving) if (isIt(shared)) this.release(shared);
  }

  close(): void {
    clearInterval(this.timer);
    for (const shared of [...this.current.values(), ...this.leaving]) this.release(shared);
    this.current.clear();
  }

  private look(): void {
    const reports: CallReport[] = [];
    for (const shared of this.current.values()) this.report(shared, reports);
    for (const shared of this.leaving) {
      if (shared.activeCalls === 0) this.release(shared);
      else this.report(shared, reports);
    }
    if (reports.length > 0) this.tell({ kind: 'calls', reports });
  }

  /** What has changed since it was told. */
  private report(shared: SharedGeneration, reports: CallReport[]): void {
    const { activeCalls: calls, activeStreams: streams, lastRequestId, lastRequestAtMs } = shared;
    const last = this.reported.get(shared);
    if (last ? last.calls === calls && last.streams === streams && last.lastRequestId === lastRequestId : lastRequestId === '') return;
    const report = { ...shared.name, calls, streams, lastRequestId, lastRequestAtMs };
    this.reported.set(shared, report);
    reports.push(report);
  }

  /** Of one whose process has gone, the last request is what the primary still wants to know. */
  private release(shared: SharedGeneration): void {
    const reports: CallReport[] = [];
    this.report(shared, reports);
    if (reports.length > 0) this.tell({ kind: 'calls', reports });
    this.leaving.delete(shared);
    this.reported.delete(shared);
    shared.close();
    this.tell({ kind: 'released', name: shared.name });
  }

  private watch(name: GenerationName): LinkWatch {
    const remark = (what: Remark) => this.tell({ kind: 'remark', name, remark: what });
    return {
      received: (bytes) => bytes >= LARGE_BYTES && remark({ what: 'received', bytes }),
      streamTimedOut: () => remark({ what: 'streamTimedOut' }),
      refusedMessage: (bytes, limit) => remark({ what: 'refusedMessage', bytes, limit }),
      slowed: (bytesPerSecond) => remark({ what: 'slowed', bytesPerSecond }),
    };
  }
}
