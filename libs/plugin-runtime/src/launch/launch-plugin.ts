import type { ClientDuplexStream } from '@grpc/grpc-js';
import type { ConnInfo } from '@sluice/contracts/go-plugin';
import type { Clock } from '@sluice/kernel';
import type { Logger } from 'pino';
import { PluginConnection } from '../connect/plugin-connection';
import { readStdio } from '../connect/stdio-stream';
import type { Deployment } from '../deployment/deployment';
import { awaitHandshake } from '../handshake/await-handshake';
import { checkHealth } from '../health/check-health';
import type { PluginRuntimeName } from '../host/plugin-host';
import { describeExit } from '../process/describe-exit';
import { exitWithin } from '../process/exit-within';
import type { LogRing } from '../process/log-ring';
import { type Environment, pluginEnvironment } from '../process/plugin-environment';
import { PluginLog } from '../process/plugin-log';
import { PluginProcess } from '../process/plugin-process';
import { PrivateDirectory } from '../process/private-directory';
import type { PluginTimings } from '../timings';
import type { PluginLauncher } from './plugin-launcher';
import { StartFailure } from './start-failure';

/** How long a failed call waits to see whether the process is just ending. */
const LAST_MOMENT_MS = 250;

/** What every process of this host has in common. */
export interface LaunchContext {
  launcher: PluginLauncher;
  clock: Clock;
  timings: PluginTimings;
  runtime: PluginRuntimeName;
  edgeId?: string;
  runDirectory: string;
  environment: Environment;
}

export interface LaunchOptions {
  deployment: Deployment;
  logger: Logger;
  ring: LogRing;
  /** Ends the process at once and fails the launch. */
  signal?: AbortSignal;
}

/** A process that answers its health check, with its streams open. Nothing has been asked of the plugin yet. */
export class LaunchedPlugin {
  constructor(
    readonly process: PluginProcess,
    readonly connection: PluginConnection,
    readonly broker: ClientDuplexStream<ConnInfo, ConnInfo>,
    readonly directory: PrivateDirectory,
    private readonly clock: Clock,
  ) {}

  get pid(): number {
    return this.process.pid ?? 0;
  }

  /** The result of `work`, or a {@link StartFailure} as soon as the process ends. `phase` is what the plugin was doing. */
  whileAlive<T>(phase: string, work: Promise<T>): Promise<T> {
    return whileAlive(this.process, this.clock, phase, work);
  }

  /** Ends the process group at once and removes what belonged to it. Resolves when the process is gone. */
  async destroy(): Promise<void> {
    this.connection.close();
    this.process.kill();
    await this.process.drained;
    this.directory.remove();
  }
}

/** Starts a process and gets it to the point where it can be asked. Throws {@link StartFailure}, and then nothing is left of it. */
export async function launchPlugin(context: LaunchContext, { deployment, logger, ring, signal }: LaunchOptions): Promise<LaunchedPlugin> {
  const { clock, timings } = context;
  signal?.throwIfAborted();
  const log = new PluginLog(logger, ring, clock);
  const directory = PrivateDirectory.create(context.runDirectory, logger);
  const process = await spawnIn(directory, context, { deployment, signal }, log);
  const kill = () => process.kill();
  signal?.addEventListener('abort', kill, { once: true });
  let connection: PluginConnection | undefined;
  try {
    const address = await awaitHandshake(process, clock, timings.startMs);
    connection = new PluginConnection(address);
    const broker = await whileAlive(process, clock, 'after the handshake', connect(connection, log, timings.connectMs));
    signal?.throwIfAborted();
    return new LaunchedPlugin(process, connection, broker, directory, clock);
  } catch (error) {
    connection?.close();
    process.kill();
    await process.drained;
    directory.remove();
    throw error;
  } finally {
    signal?.removeEventListener('abort', kill);
  }
}

async function spawnIn(directory: PrivateDirectory, context: LaunchContext, { deployment, signal }: Pick<LaunchOptions, 'deployment' | 'signal'>, log: PluginLog): Promise<PluginProcess> {
  const { launcher, runtime, edgeId } = context;
  let process: PluginProcess | undefined;
  try {
    const { file, args, folder } = await launcher.prepare({ deployment, directory: directory.path, signal });
    signal?.throwIfAborted();
    const environment = pluginEnvironment({ inherited: context.environment, runtime, edgeId, directory: directory.path });
    process = new PluginProcess({ file, args, environment, directory: folder, log });
    if (process.pid !== undefined) directory.recordProcess(process.pid);
    return process;
  } catch (error) {
    // The machine is out of something that a process needs, or its disk is full and nobody could find the process after a crash.
    process?.kill();
    directory.remove();
    if (error instanceof StartFailure || signal?.aborted) throw error;
    throw new StartFailure(`The plugin could not be started: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

async function connect(connection: PluginConnection, log: PluginLog, timeoutMs: number): Promise<ClientDuplexStream<ConnInfo, ConnInfo>> {
  const seconds = timeoutMs / 1_000;
  if (!(await connection.ready(timeoutMs))) throw new StartFailure(`The plugin did not accept a connection within ${seconds} s of its handshake.`);
  readStdio(connection.control, log);
  const broker = connection.openBroker();
  broker.on('error', () => undefined);
  broker.on('data', () => undefined);
  if (!(await checkHealth(connection.control, timeoutMs))) throw new StartFailure(`The plugin did not say within ${seconds} s that it is healthy.`);
  return broker;
}

async function whileAlive<T>(process: PluginProcess, clock: Clock, phase: string, work: Promise<T>): Promise<T> {
  const ended = process.drained.then((exit): never => {
    throw new StartFailure(`The plugin ended ${phase} ${describeExit(exit)}.`, exit);
  });
  const failed = work.catch(async (error: unknown): Promise<never> => {
    // The connection of a process that ends is lost a moment before the end is seen.
    await exitWithin(process, clock, LAST_MOMENT_MS);
    throw process.exit ? await ended : error;
  });
  return Promise.race([failed, ended]);
}
