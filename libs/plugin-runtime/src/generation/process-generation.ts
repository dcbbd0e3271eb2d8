import { type Broker, SERVICE_BROKER_ID } from '../broker/open-broker';
import type { PluginChannel } from '../connect/plugin-channel';
import type { Transport } from '../connect/transport';
import { checkHealth } from '../health/check-health';
import { HealthWatch } from '../health/health-watch';
import type { PluginAnswers, PluginDefinition } from '../host/plugin-host';
import type { LaunchContext } from '../launch/launch-context';
import type { LaunchedPlugin } from '../launch/launch-plugin';
import { describeExit } from '../process/describe-exit';
import { type FarewellReason, sayFarewell } from '../session/say-farewell';
import type { GenerationSharing } from '../sharing/plugin-link';
import type { SessionLoop } from '../session/session-loop';
import type { GenerationEnd, RunningGeneration } from './generation';

export interface ProcessGenerationOptions {
  definition: PluginDefinition;
  generation: number;
  launched: LaunchedPlugin;
  broker: Broker;
  session: SessionLoop;
  answers: PluginAnswers;
  context: LaunchContext;
}

/** A generation whose process runs on this machine. */
export class ProcessGeneration implements RunningGeneration {
  readonly pluginId: number;
  readonly generation: number;
  readonly channel: PluginChannel;
  readonly answers: PluginAnswers;
  readonly serviceBrokerId = SERVICE_BROKER_ID;
  readonly pid: number;
  readonly ended: Promise<GenerationEnd>;
  private readonly health: HealthWatch;
  private hung = false;
  private ending: Promise<void> | undefined;

  constructor(private readonly options: ProcessGenerationOptions) {
    const { definition, generation, launched, answers, context } = options;
    this.pluginId = definition.id;
    this.generation = generation;
    this.answers = answers;
    this.channel = launched.connection.calls;
    this.pid = launched.pid;
    this.health = new HealthWatch({
      clock: context.clock,
      intervalMs: context.timings.healthIntervalMs,
      check: () => checkHealth(launched.connection.control, context.timings.healthDeadlineMs),
      onHang: () => {
        this.hung = true;
        launched.process.kill();
      },
    });
    this.health.start();
    this.ended = launched.process.exited.then((exit) => {
      void this.release();
      const reason = this.hung ? 'The plugin did not answer three health checks in a row and was ended.' : `The plugin ended ${describeExit(exit)}.`;
      return { reason, exit, silence: launched.process.drained };
    });
  }

  get notEnforced(): readonly string[] {
    return this.options.launched.notEnforced;
  }

  get transport(): Transport {
    return this.options.launched.connection.transport;
  }

  get sharing(): GenerationSharing {
    return this.options.launched.sharing;
  }

  get activeStreams(): number {
    return this.options.launched.connection.calls.activeStreams;
  }

  async end(reason: FarewellReason): Promise<void> {
    const { launched, session, context } = this.options;
    this.health.stop();
    session.stop();
    if (!launched.process.exit) await this.bidFarewell(reason, context);
    await this.release();
  }

  private async bidFarewell(reason: FarewellReason, { clock, timings }: LaunchContext): Promise<void> {
    const { process, connection } = this.options.launched;
    await Promise.race([sayFarewell(connection.control, reason, timings.farewellMs), process.exited]);
    await new Promise<void>((resolve) => {
      const cancel = clock.after(timings.killAfterMs, resolve);
      void process.exited.then(() => {
        cancel();
        resolve();
      });
    });
  }

  /** Everything that belonged to the process, once. */
  private release(): Promise<void> {
    this.ending ??= (async () => {
      this.health.stop();
      this.options.session.stop();
      await this.options.broker.close();
      await this.options.launched.destroy();
    })();
    return this.ending;
  }
}
