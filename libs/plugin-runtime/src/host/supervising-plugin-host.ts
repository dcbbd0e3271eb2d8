import { randomUUID } from 'node:crypto';
import type { Clock } from '@sluice/kernel';
import type { Logger } from 'pino';
import type { EventBus } from '../events/event-bus';
import { EVENT_DIRECTIONS, type EventDirection } from '../events/event-direction';
import type { GenerationStarter } from '../generation/generation';
import type { ProgramGarbage } from '../launch/program-garbage';
import type { DrainLimits } from '../supervisor/drain';
import type { CrashCard } from '../supervisor/crash-card';
import type { PluginStatus } from '../supervisor/plugin-status';
import { PluginSupervisor } from '../supervisor/plugin-supervisor';
import type { PluginTimings } from '../timings';
import type { PluginDefinition, PluginGeneration, PluginHost, PublishOptions } from './plugin-host';

const PLATFORM_ORIGIN = 'platform';

export interface SupervisingHostOptions {
  starter: GenerationStarter;
  events: EventBus;
  clock: Clock;
  timings: PluginTimings;
  drainLimits: DrainLimits;
  logger: Logger;
  onChange?: (status: PluginStatus) => void;
  onCrash?: (card: CrashCard) => void;
  garbage?: ProgramGarbage;
  /** The way back for remote plugins. */
  door?: { close(): Promise<void> };
}

/** {@link PluginHost} with one supervisor for each plugin. */
export class SupervisingPluginHost implements PluginHost {
  private readonly supervisors = new Map<number, PluginSupervisor>();
  private readonly generations = new Map<number, number>();
  /** Removed plugins that are not quite gone. */
  private readonly leaving = new Set<PluginSupervisor>();
  private closed = false;

  constructor(private readonly options: SupervisingHostOptions) {}

  apply(definitions: readonly PluginDefinition[]): void {
    if (this.closed) return;
    this.options.garbage?.follow(definitions, () => this.definitionsInUse());
    const wanted = new Set(definitions.map(({ id }) => id));
    for (const [id, supervisor] of [...this.supervisors]) {
      if (!wanted.has(id)) this.remove(id, supervisor);
    }
    for (const definition of definitions) {
      const supervisor = this.supervisors.get(definition.id);
      if (supervisor) supervisor.apply(definition);
      else this.add(definition);
    }
  }

  serving(pluginId: number): PluginGeneration | undefined {
    return this.supervisors.get(pluginId)?.serving;
  }

  async demand(pluginId: number): Promise<PluginGeneration | undefined> {
    return this.supervisors.get(pluginId)?.demand();
  }

  status(pluginId: number): PluginStatus | undefined {
    return this.supervisors.get(pluginId)?.status();
  }

  statuses(): PluginStatus[] {
    return [...this.supervisors.values()].map((supervisor) => supervisor.status());
  }

  publish(topic: string, payload: Uint8Array, direction: EventDirection, { id = randomUUID(), namespaces = [''] }: PublishOptions = {}): void {
    this.options.events.publish({ id, topic, payload: Buffer.from(payload), direction: EVENT_DIRECTIONS.indexOf(direction), origin: PLATFORM_ORIGIN, namespaces });
  }

  crashes(pluginId: number): readonly CrashCard[] {
    return this.supervisors.get(pluginId)?.crashes ?? [];
  }

  async settled(): Promise<void> {
    await Promise.all([...this.supervisors.values()].map((supervisor) => supervisor.settled));
  }

  async close(): Promise<void> {
    this.closed = true;
    this.options.garbage?.stop();
    const { closeDrainMs } = this.options.timings;
    const limits = { unaryMs: closeDrainMs, streamMs: closeDrainMs };
    await Promise.all([...this.supervisors.values(), ...this.leaving].map((supervisor) => supervisor.remove('shutdown', limits)));
    this.supervisors.clear();
    await this.options.door?.close();
  }

  private definitionsInUse(): PluginDefinition[] {
    return [...this.supervisors.values(), ...this.leaving].flatMap((supervisor) => supervisor.definitionsInUse());
  }

  private add(definition: PluginDefinition): void {
    const { id, name } = definition;
    const supervisor: PluginSupervisor = new PluginSupervisor(definition, {
      ...this.options,
      nextGeneration: () => {
        const generation = (this.generations.get(id) ?? 0) + 1;
        this.generations.set(id, generation);
        return generation;
      },
      onChange: (status) => this.changed(supervisor, name, status),
    });
    this.supervisors.set(id, supervisor);
    supervisor.start();
  }

  private remove(id: number, supervisor: PluginSupervisor): void {
    this.supervisors.delete(id);
    this.leaving.add(supervisor);
    void supervisor.remove('unload').then(() => this.leaving.delete(supervisor));
  }

  private changed(supervisor: PluginSupervisor, plugin: string, status: PluginStatus): void {
    const { pluginId, state, generation, pid, reason, reloadFailed, lastExit } = status;
    const failed = state === 'crashed' || state === 'crashlooping' || reloadFailed !== null;
    this.options.logger[failed ? 'warn' : 'info']({ event: 'plugin.state', plugin, pluginId, state, generation, pid, reason, reloadFailed, lastExit }, `Plugin ${plugin} is ${state}.`);
    // A plugin that came back while its former self was ending has one status: its new one.
    const successor = this.supervisors.get(pluginId);
    if (!successor || successor === supervisor) this.options.onChange?.(status);
  }
}
