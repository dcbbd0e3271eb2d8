import { systemClock } from '@sluice/kernel';
import { type LinkWatch, openLink, type OpenedLink, type PluginAnswers, type PluginChannel, type PluginGeneration } from '@sluice/plugin-runtime';
import type { GenerationName, ServingView } from './messages';

/** A generation of a plugin as a worker has it: the primary supervises its process, and this process calls it over a connection of its own. */
export class SharedGeneration implements PluginGeneration {
  readonly channel: PluginChannel;
  readonly answers: PluginAnswers;
  readonly serviceBrokerId: number;
  /** When the last request was handed to it, in milliseconds since the Unix epoch. */
  lastRequestAtMs = 0;
  private requestId = '';
  private readonly connection: OpenedLink;

  constructor(
    readonly name: GenerationName,
    { link, serviceBrokerId, endpoints }: ServingView,
    watch: LinkWatch,
  ) {
    this.serviceBrokerId = serviceBrokerId;
    this.answers = { manifestJson: '', configSchemaJson: '', endpoints, objectHooks: [], resourceTypes: [] };
    this.connection = openLink(link, watch, systemClock);
    this.channel = this.connection.channel;
  }

  get lastRequestId(): string {
    return this.requestId;
  }

  set lastRequestId(requestId: string) {
    this.requestId = requestId;
    this.lastRequestAtMs = performance.timeOrigin + performance.now();
  }

  get pluginId(): number {
    return this.name.pluginId;
  }

  get generation(): number {
    return this.name.generation;
  }

  get activeCalls(): number {
    return this.connection.activeCalls;
  }

  get activeStreams(): number {
    return this.connection.activeStreams;
  }

  /** Calls in progress end as UNAVAILABLE. */
  close(): void {
    this.connection.close();
  }
}
