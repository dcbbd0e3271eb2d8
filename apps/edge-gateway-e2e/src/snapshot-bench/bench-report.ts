import type { FanOutFigures } from './fan-out';
import type { FullSyncFigures } from './full-sync';
import type { OneChangeFigures } from './one-change';
import type { PropagationFigures } from './propagation';

/** What was measured in one run. */
export class BenchReport {
  oneChange: OneChangeFigures[] = [];
  propagation: PropagationFigures | undefined;
  fullSync: FullSyncFigures | undefined;
  diskStart: { apps: number; tookMs: number[] } | undefined;
  fanOut: FanOutFigures | undefined;

  describe(): string {
    return [...this.describeChanges(), ...this.describePropagation(), ...this.describeSync(), ...this.describeStart(), ...this.describeFanOut()].join('\n');
  }

  private describeChanges(): string[] {
    const lines = this.oneChange.map(
      ({ apps, changes, bytes, studioCpuMs, gatewayCpuMs, propagationMs }) =>
        `one app of ${apps}, ${changes} times: ${bytes.median} bytes (at most ${bytes.max}), studio ${studioCpuMs.toFixed(2)} ms and gateway ${gatewayCpuMs.toFixed(2)} ms of processor time, in force after ${between(propagationMs)}`,
    );
    const [few, many] = this.oneChange;
    if (!few || !many) return lines;
    const ratio = (of: (figures: OneChangeFigures) => number): string => (of(many) / of(few)).toFixed(2);
    return [...lines, `among ${many.apps} against ${few.apps}: bytes ×${ratio(({ bytes }) => bytes.median)}, studio ×${ratio((one) => one.studioCpuMs)}, gateway ×${ratio((one) => one.gatewayCpuMs)}, p50 ×${ratio((one) => one.propagationMs.p50)}, p99 ×${ratio((one) => one.propagationMs.p99)}`];
  }

  private describePropagation(): string[] {
    if (!this.propagation) return [];
    const { changes, gateways, fromCallMs, fromAnswerMs, lostMs } = this.propagation;
    return [
      `${changes} changes to ${gateways} gateways: on the last of them ${between(fromCallMs)} after the call, ${between(fromAnswerMs)} after its answer`,
      `with a lost message: ${lostMs.map((ms) => `${(ms / 1_000).toFixed(1)} s`).join(', ')}`,
    ];
  }

  private describeSync(): string[] {
    if (!this.fullSync) return [];
    const { megabytes, syncMs, stallsBefore, stallsDuring, load, readyMs, residentMegabytes, cutOff } = this.fullSync;
    return [
      `a full sync of ${megabytes.toFixed(1)} MB while serving: in force ${syncMs} ms after its publication`,
      `the event loop was held up for at most ${stallsBefore.maxMs.toFixed(1)} ms before and ${stallsDuring.maxMs.toFixed(1)} ms during it (p99 ${stallsBefore.p99Ms.toFixed(1)} and ${stallsDuring.p99Ms.toFixed(1)})`,
      `${load.perSecond} requests a second: ${load.failed} failed, p99 ${load.p99BeforeMs.toFixed(1)} ms before and ${load.p99DuringMs.toFixed(1)} ms during it`,
      `a gateway with an empty disk: ready after ${readyMs} ms; resident ${residentMegabytes.afterStart.toFixed(0)} MB, and ${residentMegabytes.whileServing.toFixed(0)} MB where it replaced another one; cut off by Redis: ${cutOff}`,
    ];
  }

  private describeStart(): string[] {
    return this.diskStart ? [`start from the disk with ${this.diskStart.apps} apps: first answer after ${this.diskStart.tookMs.join(', ')} ms`] : [];
  }

  private describeFanOut(): string[] {
    if (!this.fanOut) return [];
    const { gateways, processes, changes, spreadMs, enforcedMs } = this.fanOut;
    return [`${changes} changes to ${gateways} simulated gateways in ${processes} processes: in force ${between(enforcedMs)} after the call, ${between(spreadMs)} after the first of them`];
  }
}

function between({ p50, p99 }: { p50: number; p99: number }): string {
  return `${p50.toFixed(0)} ms (p50) and ${p99.toFixed(0)} ms (p99)`;
}
