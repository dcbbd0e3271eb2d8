import { backoffMs } from '@sluice/edge-link';
import type { PluginGeneration, PluginLink } from '@sluice/plugin-runtime';
import type { Logger } from 'pino';
import type { CallReport, GenerationName, PluginView, Remark } from './messages';

const RELAY_RETRY = { firstMs: 500, mostMs: 30_000 };

/** Makes a way through the primary to a generation that has but one connection. */
export interface Relays {
  open(generation: PluginGeneration): Promise<{ link: PluginLink; close(): void }>;
}

/** Who brings the news to the workers. */
export interface ViewListener {
  shown(view: PluginView): void;
  ended(name: GenerationName): void;
}

/**
 * What workers see of the plugins, and what the plugin host sees of the workers' calls. A worker holds each generation that it was shown until
 * it says that it will not call it any more: by then a drain has waited for all of its calls.
 */
export class PluginViews {
  private listener: ViewListener | undefined;
  private readonly serving = new Map<number, PluginGeneration>();
  private readonly views = new Map<number, PluginView>();
  /** Those that were shown and are not over, by name. */
  private readonly shown = new Map<string, { generation: PluginGeneration; lastRequestAtMs: number }>();
  private readonly workers = new Set<number>();

  constructor(
    private readonly host: { serving(pluginId: number): PluginGeneration | undefined },
    private readonly relays: Relays,
    private readonly logger: Logger,
    /** How many workers share what the streams of a plugin may move. */
    private readonly sharers = 1,
  ) {}

  listen(listener: ViewListener): void {
    this.listener = listener;
  }

  /** What there is, for a worker that begins: from here on it holds what it is shown. */
  join(worker: number): PluginView[] {
    this.workers.add(worker);
    for (const pluginId of this.views.keys()) this.currentOf(pluginId)?.sharing?.calls.hold(worker);
    return [...this.views.values()];
  }

  /** The process of a worker has ended, and its calls with it. */
  leave(worker: number): void {
    this.workers.delete(worker);
    for (const { generation } of this.shown.values()) generation.sharing?.calls.release(worker);
  }

  released(worker: number, name: GenerationName): void {
    this.find(name)?.sharing?.calls.release(worker);
  }

  report(worker: number, reports: readonly CallReport[]): void {
    for (const { calls, streams, lastRequestId, lastRequestAtMs, ...name } of reports) {
      const shown = this.shown.get(nameOf(name));
      shown?.generation.sharing?.calls.report(worker, calls, streams);
      if (!shown || lastRequestAtMs <= shown.lastRequestAtMs) continue;
      shown.lastRequestAtMs = lastRequestAtMs;
      shown.generation.lastRequestId = lastRequestId;
    }
  }

  remark(name: GenerationName, remark: Remark): void {
    const sharing = this.find(name)?.sharing;
    const watch = sharing?.watch;
    switch (remark.what) {
      case 'received':
        // What was relayed has been received here as well.
        return sharing?.link && watch?.received(remark.bytes);
      case 'streamTimedOut':
        return watch?.streamTimedOut();
      case 'refusedMessage':
        return watch?.refusedMessage(remark.bytes, remark.limit);
      case 'slowed':
        return watch?.slowed(Math.round(remark.bytesPerSecond * this.sharers));
    }
  }

  /** Something about this plugin may have changed. A drain that follows it in the same turn waits for the workers. */
  look(pluginId: number): void {
    const generation = this.host.serving(pluginId);
    if (generation === this.serving.get(pluginId)) return;
    if (!generation) {
      this.serving.delete(pluginId);
      return this.show({ pluginId, serving: null });
    }
    this.serving.set(pluginId, generation);
    const link = generation.sharing?.link;
    if (link) this.showServing(generation, link);
    else void this.relay(generation);
  }

  private async relay(generation: PluginGeneration, failures = 0): Promise<void> {
    const { pluginId } = generation;
    try {
      const relay = await this.relays.open(generation);
      void generation.sharing?.over.then(() => relay.close());
      if (this.isServing(generation)) this.showServing(generation, relay.link);
    } catch (error) {
      if (!this.isServing(generation)) return;
      const retryInMs = backoffMs(failures, RELAY_RETRY);
      this.logger.error({ event: 'worker.relay_failed', pluginId, err: error, retryInMs }, 'the workers cannot reach a plugin; trying again');
      setTimeout(() => this.isServing(generation) && void this.relay(generation, failures + 1), retryInMs).unref();
    }
  }

  private isServing(generation: PluginGeneration): boolean {
    return this.serving.get(generation.pluginId) === generation;
  }

  private showServing(generation: PluginGeneration, link: PluginLink): void {
    const { pluginId, generation: number, serviceBrokerId, answers, sharing } = generation;
    const name = nameOf(generation);
    this.shown.set(name, { generation, lastRequestAtMs: 0 });
    for (const worker of this.workers) sharing?.calls.hold(worker);
    void sharing?.over.then(() => {
      this.listener?.ended({ pluginId, generation: number });
      // Until then there may be something to say about it.
      return sharing.calls.released().then(() => this.shown.delete(name));
    });
    this.show({ pluginId, serving: { generation: number, link: this.partOf(link), serviceBrokerId, endpoints: answers.endpoints } });
  }

  private partOf(link: PluginLink): PluginLink {
    const { streamBytesPerSecond } = link;
    return streamBytesPerSecond === undefined ? link : { ...link, streamBytesPerSecond: streamBytesPerSecond / this.sharers };
  }

  private show(view: PluginView): void {
    if (view.serving) this.views.set(view.pluginId, view);
    else this.views.delete(view.pluginId);
    this.listener?.shown(view);
  }

  /** The one that the view shows: the one that serves may be waiting for its relay. */
  private currentOf(pluginId: number): PluginGeneration | undefined {
    const serving = this.views.get(pluginId)?.serving;
    return serving ? this.find({ pluginId, generation: serving.generation }) : undefined;
  }

  private find(name: GenerationName): PluginGeneration | undefined {
    return this.shown.get(nameOf(name))?.generation;
  }
}

function nameOf({ pluginId, generation }: GenerationName): string {
  return `${pluginId} ${generation}`;
}
