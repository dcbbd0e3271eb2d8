import type { Logger } from 'pino';
import { BrokerIdentity } from '../broker/broker-identity';
import { type Broker, openBroker, SERVICE_BROKER_ID } from '../broker/open-broker';
import type { CallGate } from '../broker/call-gate';
import type { ServiceApi } from '../broker/service-api';
import type { EventBus } from '../events/event-bus';
import { checkHealth } from '../health/check-health';
import type { PluginAnswers, PluginDefinition } from '../host/plugin-host';
import type { LaunchContext } from '../launch/launch-context';
import { launchPlugin, type LaunchedPlugin } from '../launch/launch-plugin';
import { StartFailure } from '../launch/start-failure';
import { askManifest, askQuestions } from '../session/ask-questions';
import { flattenConfig } from '../session/flatten-config';
import { initialize } from '../session/initialize';
import { pluginSession } from '../session/plugin-session';
import type { SessionLoop } from '../session/session-loop';
import type { GenerationRequest, GenerationStarter, RunningGeneration } from './generation';
import { ProcessGeneration } from './process-generation';

export interface StarterOptions {
  context: LaunchContext;
  serviceApi: readonly ServiceApi[];
  gate: CallGate;
  events: EventBus;
  logger: Logger;
}

/** Section 5 of the plugin wire contract in its order: process, broker, `Initialize`, session, questions. */
export class ProcessGenerationStarter implements GenerationStarter {
  constructor(private readonly options: StarterOptions) {}

  async start({ definition, generation, ring, signal }: GenerationRequest): Promise<RunningGeneration> {
    const { context, logger: hostLogger } = this.options;
    const logger = hostLogger.child({ plugin: definition.name, pluginId: definition.id, generation });
    const launched = await launchPlugin(context, { deployment: definition.deployment, limits: definition.limits, holder: String(definition.id), logger, ring, signal });
    const kill = () => launched.process.kill();
    signal.addEventListener('abort', kill, { once: true });
    let broker: Broker | undefined;
    let session: SessionLoop | undefined;
    try {
      signal.throwIfAborted();
      const identity = this.identity(definition, generation, launched, logger);
      broker = await this.broker(launched, identity, logger);
      const answers = await this.introduce(definition, launched, logger, () => {
        session = pluginSession({ channel: launched.connection.control, pluginId: definition.id, serviceBrokerId: SERVICE_BROKER_ID, clock: context.clock });
        session.start();
      });
      signal.throwIfAborted();
      identity.learn(answers.manifestJson);
      return new ProcessGeneration({ definition, generation, launched, broker, session: session!, answers, context });
    } catch (error) {
      session?.stop();
      await launched.destroy();
      await broker?.close();
      throw error;
    } finally {
      signal.removeEventListener('abort', kill);
    }
  }

  private identity(definition: PluginDefinition, generation: number, { connection }: LaunchedPlugin, logger: Logger): BrokerIdentity {
    const { runtime, timings } = this.options.context;
    return new BrokerIdentity({
      pluginId: definition.id,
      pluginName: definition.name,
      generation,
      approvedScopes: definition.approvedScopes,
      namespace: definition.namespace,
      askManifest: () => askManifest({ channel: connection.control, runtime, timings, logger }),
    });
  }

  private async broker({ directory, confinement, credentials, broker: stream }: LaunchedPlugin, identity: BrokerIdentity, logger: Logger): Promise<Broker> {
    const { serviceApi, gate, events, context } = this.options;
    const broker = await openBroker({ socketPath: directory.brokerSocket, stream, credentials: credentials.server, identity, serviceApi, gate, events, clock: context.clock, logger });
    if (confinement.uid !== undefined) directory.giveSocketTo(confinement.uid);
    broker.announce();
    return broker;
  }

  private async introduce(definition: PluginDefinition, launched: LaunchedPlugin, logger: Logger, onInitialized: () => void): Promise<PluginAnswers> {
    const { runtime, timings } = this.options.context;
    const { control } = launched.connection;
    const config = flattenConfig(definition.config, { pluginId: definition.id, serviceBrokerId: SERVICE_BROKER_ID });
    await launched.whileAlive('during Initialize', initialize(control, config, timings.initializeMs));
    onInitialized();
    const answers = await launched.whileAlive('after Initialize', askQuestions({ channel: control, runtime, timings, logger }));
    // The last look before calls come: the one of the connection was before the plugin had its configuration.
    if (await launched.whileAlive('after Initialize', checkHealth(control, timings.healthDeadlineMs))) return answers;
    throw new StartFailure(`The plugin did not say within ${timings.healthDeadlineMs / 1_000} s after Initialize that it is healthy.`);
  }
}
