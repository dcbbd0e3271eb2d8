import type { Clock } from '@sluice/kernel';
import type { Logger } from 'pino';
import { BrokerIdentity } from '../broker/broker-identity';
import { pacingFor } from '../connect/stream-pace';
import type { Deployment } from '../deployment/deployment';
import type { GenerationRequest, GenerationStarter, RunningGeneration } from '../generation/generation';
import { checkHealth } from '../health/check-health';
import type { PluginAnswers, PluginDefinition, PluginRuntimeName } from '../host/plugin-host';
import { StartFailure } from '../launch/start-failure';
import type { LimitCaps } from '../limits/plugin-limits';
import { askManifest, askQuestions } from '../session/ask-questions';
import { initialize } from '../session/initialize';
import { pluginSession } from '../session/plugin-session';
import type { SessionLoop } from '../session/session-loop';
import type { PluginTimings } from '../timings';
import { remoteConfig } from './remote-config';
import { RemoteConnection } from './remote-connection';
import { RemoteGeneration } from './remote-generation';
import type { ReverseDoor, ReverseLease } from './reverse-door';
import { unmetWishes } from './unmet-wishes';

export interface RemoteStarterOptions {
  runtime: PluginRuntimeName;
  /** The way back to this host; left out where its operator opened none. */
  door?: ReverseDoor;
  clock: Clock;
  timings: PluginTimings;
  /** Those of them that a connection can keep. */
  caps?: LimitCaps;
  logger: Logger;
}

/** Section 5 of the plugin wire contract as far as it is about a connection: health, `Initialize`, session, questions. */
export class RemoteGenerationStarter implements GenerationStarter {
  /** The newest of each plugin that came to serve. */
  private readonly latest = new Map<number, RemoteGeneration>();

  constructor(private readonly options: RemoteStarterOptions) {}

  async start({ definition, generation, ring, signal }: GenerationRequest): Promise<RunningGeneration> {
    const { clock, timings, runtime, door, caps = {} } = this.options;
    const deployment = remoteOf(definition.deployment);
    const logger = this.options.logger.child({ plugin: definition.name, pluginId: definition.id, generation });
    const connection = await RemoteConnection.create(deployment, caps.messageBytes);
    connection.calls.watch = ring.remarks;
    connection.calls.pacing = pacingFor(caps, clock, ring.remarks);
    const close = () => connection.close();
    signal.addEventListener('abort', close, { once: true });
    let lease: ReverseLease | undefined;
    let session: SessionLoop | undefined;
    let told = false;
    try {
      signal.throwIfAborted();
      await connection.connectWithin(timings.connectMs, clock, signal);
      const identity = this.identity(definition, generation, connection, logger);
      lease = await door?.lend(identity, logger);
      const config = remoteConfig(definition, runtime, lease);
      told = true;
      await initialize(connection.control, config, timings.initializeMs);
      session = pluginSession({ channel: connection.control, pluginId: definition.id, serviceBrokerId: 0, clock });
      session.start();
      const answers = await this.ask(connection, logger);
      signal.throwIfAborted();
      identity.learn(answers.manifestJson);
      const notEnforced = unmetWishes(answers.manifestJson, definition.limits, lease !== undefined);
      return this.serve(new RemoteGeneration({ pluginId: definition.id, generation, address: deployment.address, connection, config, lease, session, answers, notEnforced, watch: ring.remarks, clock, timings }));
    } catch (error) {
      session?.stop();
      lease?.end();
      connection.close();
      if (told) await this.remind(definition.id, logger);
      throw error;
    } finally {
      signal.removeEventListener('abort', close);
    }
  }

  private serve(generation: RemoteGeneration): RemoteGeneration {
    const { pluginId } = generation;
    this.latest.set(pluginId, generation);
    void generation.gone.then(() => {
      if (this.latest.get(pluginId) === generation) this.latest.delete(pluginId);
    });
    return generation;
  }

  /** Both generations are the same process over there: the one that goes on serving needs its configuration back. */
  private async remind(pluginId: number, logger: Logger): Promise<void> {
    await this.latest.get(pluginId)?.remind().catch((error: unknown) => {
      logger.warn({ event: 'plugin.remind_failed', err: error }, 'The plugin did not take the configuration back that it had before.');
    });
  }

  private identity(definition: PluginDefinition, generation: number, connection: RemoteConnection, logger: Logger): BrokerIdentity {
    const { runtime, timings } = this.options;
    return new BrokerIdentity({
      pluginId: definition.id,
      pluginName: definition.name,
      generation,
      approvedScopes: definition.approvedScopes,
      namespace: definition.namespace,
      askManifest: () => askManifest({ channel: connection.control, runtime, timings, logger }),
    });
  }

  private async ask({ control }: RemoteConnection, logger: Logger): Promise<PluginAnswers> {
    const { runtime, timings } = this.options;
    const answers = await askQuestions({ channel: control, runtime, timings, logger });
    if (await checkHealth(control, timings.healthDeadlineMs)) return answers;
    throw new StartFailure(`The plugin did not say within ${timings.healthDeadlineMs / 1_000} s after Initialize that it is healthy.`);
  }
}

function remoteOf(deployment: Deployment): Extract<Deployment, { kind: 'grpc' }> {
  if (deployment.kind === 'grpc') return deployment;
  throw new Error(`A ${deployment.kind}:// plugin is not remote.`);
}
