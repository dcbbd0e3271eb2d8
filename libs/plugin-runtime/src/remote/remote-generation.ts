import type { Clock } from '@sluice/kernel';
import { PluginServiceService } from '@sluice/contracts/plugin';
import { callMessage } from '../connect/call-message';
import type { PluginChannel } from '../connect/plugin-channel';
import type { GenerationEnd, RunningGeneration } from '../generation/generation';
import { checkHealth } from '../health/check-health';
import { HealthWatch } from '../health/health-watch';
import type { PluginAnswers } from '../host/plugin-host';
import { StartFailure } from '../launch/start-failure';
import { initialize } from '../session/initialize';
import { pluginSession } from '../session/plugin-session';
import type { FarewellReason } from '../session/say-farewell';
import type { SessionLoop } from '../session/session-loop';
import type { PluginTimings } from '../timings';
import { OutsideCalls } from '../sharing/outside-calls';
import type { GenerationSharing, LinkWatch } from '../sharing/plugin-link';
import { GatedChannel } from './gated-channel';
import type { RemoteConnection } from './remote-connection';
import type { ReverseLease } from './reverse-door';

export interface RemoteGenerationOptions {
  pluginId: number;
  generation: number;
  address: string;
  connection: RemoteConnection;
  /** What `Initialize` was given, to be given again to a process that may be another one. */
  config: Record<string, string>;
  lease: ReverseLease | undefined;
  session: SessionLoop;
  answers: PluginAnswers;
  notEnforced: readonly string[];
  watch: LinkWatch;
  clock: Clock;
  timings: PluginTimings;
}

/** There is no process of ours whose end could be told. */
const NO_EXIT = { code: null, signal: null };

/**
 * A generation of a plugin that somebody else runs: one connection, and one token for the way back. A connection that is lost may come
 * back for a short while; the plugin is then initialised again before the next call, because it may be another process. Ending it closes
 * the session and the connection and never the process, which other hosts may be using.
 */
export class RemoteGeneration implements RunningGeneration {
  readonly pluginId: number;
  readonly generation: number;
  readonly answers: PluginAnswers;
  readonly notEnforced: readonly string[];
  readonly serviceBrokerId = 0;
  readonly pid = null;
  /** By its connection the plugin knows which `Initialize` a call belongs to: there is one. */
  readonly sharing: GenerationSharing;
  readonly ended: Promise<GenerationEnd>;
  /** Resolves when nothing is left of it, whoever ended it. */
  readonly gone: Promise<void>;
  private readonly gate: GatedChannel;
  private readonly health: HealthWatch;
  private readonly abort = new AbortController();
  private session: SessionLoop;
  private over = false;
  private fall: (end: GenerationEnd) => void = () => undefined;
  private go: () => void = () => undefined;

  constructor(private readonly options: RemoteGenerationOptions) {
    const { pluginId, generation, answers, notEnforced, connection, session, watch, clock, timings } = options;
    this.pluginId = pluginId;
    this.generation = generation;
    this.answers = answers;
    this.notEnforced = notEnforced;
    this.session = session;
    this.gate = new GatedChannel(connection.calls);
    this.ended = new Promise((resolve) => (this.fall = resolve));
    this.gone = new Promise((resolve) => (this.go = resolve));
    this.sharing = { link: undefined, calls: new OutsideCalls(), watch, over: this.gone };
    this.health = new HealthWatch({
      clock,
      intervalMs: timings.healthIntervalMs,
      // A connection that is lost has a bound of its own.
      check: async () => this.gate.isShut || (await checkHealth(connection.control, timings.healthDeadlineMs)) || this.gate.isShut,
      onHang: () => {
        const reason = 'The plugin did not answer three health checks in a row; the connection to it was given up.';
        this.giveUp(reason);
      },
    });
    this.health.start();
    connection.onLost(() => void this.recover());
  }

  get channel(): PluginChannel {
    return this.gate;
  }

  get activeStreams(): number {
    return this.options.connection.calls.activeStreams;
  }

  /** The plugin was given the configuration of a newer generation that did not come to serve: it is given this one's again. */
  async remind(): Promise<void> {
    const { connection, config, timings } = this.options;
    if (!this.over) await initialize(connection.control, config, timings.initializeMs);
  }

  async end(reason: FarewellReason): Promise<void> {
    const { connection, timings } = this.options;
    this.health.stop();
    this.session.stop();
    if (!this.over) await callMessage(connection.control, PluginServiceService.closeSession, { reason }, timings.farewellMs).catch(() => undefined);
    this.release();
  }

  private async recover(): Promise<void> {
    const { connection, address, config, clock, timings, pluginId } = this.options;
    this.gate.setShut(true);
    try {
      await connection.connectWithin(timings.lossMs, clock, this.abort.signal);
      await initialize(connection.control, config, timings.initializeMs);
    } catch (error) {
      if (this.over) return;
      if (!(error instanceof StartFailure)) throw error;
      const reason = `The connection to the plugin at ${address} was lost. ${error.message}`;
      return this.giveUp(reason);
    }
    if (this.over) return;
    this.session.stop();
    this.session = pluginSession({ channel: connection.control, pluginId, serviceBrokerId: this.serviceBrokerId, clock });
    this.session.start();
    this.gate.setShut(false);
    connection.onLost(() => void this.recover());
  }

  private giveUp(reason: string): void {
    this.release();
    this.fall({ reason, exit: NO_EXIT });
  }

  /** Everything that belonged to it, once. */
  private release(): void {
    if (this.over) return;
    this.over = true;
    this.abort.abort(new Error('The generation has ended.'));
    this.health.stop();
    this.session.stop();
    this.options.lease?.end();
    this.options.connection.close();
    this.go();
  }
}
