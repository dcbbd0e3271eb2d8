import type { ClientDuplexStream } from '@grpc/grpc-js';
import type { ConnInfo } from '@sluice/contracts/go-plugin';
import type { Clock } from '@sluice/kernel';
import { PluginConnection } from '../connect/plugin-connection';
import { readStdio } from '../connect/stdio-stream';
import type { Confinement } from '../isolation/confinement';
import { awaitHandshake } from '../handshake/await-handshake';
import { checkHealth } from '../health/check-health';
import { describeExit } from '../process/describe-exit';
import { exitWithin } from '../process/exit-within';
import { PluginLog } from '../process/plugin-log';
import type { PluginProcess } from '../process/plugin-process';
import type { PrivateDirectory } from '../process/private-directory';
import type { LaunchContext, LaunchOptions } from './launch-context';
import { type RunningProcess, startProcess } from './start-process';
import { StartFailure } from './start-failure';

/** How long a failed call waits to see whether the process is just ending. */
const LAST_MOMENT_MS = 250;
/** Whatever a manifest asks for: somebody waits for the outcome of a start. */
const LONGEST_START_MS = 600_000;

/** A process that answers its health check, with its streams open. Nothing has been asked of the plugin yet. */
export class LaunchedPlugin {
  constructor(
    private readonly running: RunningProcess,
    readonly connection: PluginConnection,
    readonly broker: ClientDuplexStream<ConnInfo, ConnInfo>,
    private readonly clock: Clock,
  ) {}

  get process(): PluginProcess {
    return this.running.process;
  }

  get directory(): PrivateDirectory {
    return this.running.directory;
  }

  get confinement(): Confinement {
    return this.running.confinement;
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  /** The result of `work`, or a {@link StartFailure} as soon as the process ends. `phase` is what the plugin was doing. */
  whileAlive<T>(phase: string, work: Promise<T>): Promise<T> {
    return whileAlive(this.process, this.clock, phase, work);
  }

  /** Ends the process group at once and removes what belonged to it. Resolves when the process is gone. */
  destroy(): Promise<void> {
    this.connection.close();
    return this.running.destroy();
  }
}

/** Starts a process and gets it to the point where it can be asked. Throws {@link StartFailure}, and then nothing is left of it. */
export async function launchPlugin(context: LaunchContext, options: LaunchOptions): Promise<LaunchedPlugin> {
  const { clock, timings } = context;
  const { signal } = options;
  signal?.throwIfAborted();
  const log = new PluginLog(options.logger, options.ring, clock);
  const running = await startProcess(context, options, log);
  const { process, confinement } = running;
  const kill = () => process.kill();
  signal?.addEventListener('abort', kill, { once: true });
  let connection: PluginConnection | undefined;
  try {
    const address = await awaitHandshake(process, clock, Math.min(confinement.limits.startTimeoutMs ?? timings.startMs, LONGEST_START_MS));
    connection = new PluginConnection(address);
    const broker = await whileAlive(process, clock, 'after the handshake', connect(connection, log, timings.connectMs));
    signal?.throwIfAborted();
    return new LaunchedPlugin(running, connection, broker, clock);
  } catch (error) {
    connection?.close();
    await running.destroy();
    throw error;
  } finally {
    signal?.removeEventListener('abort', kill);
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
