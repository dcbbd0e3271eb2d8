import type { ClientDuplexStream } from '@grpc/grpc-js';
import type { ConnInfo } from '@sluice/contracts/go-plugin';
import type { Clock } from '@sluice/kernel';
import { generateHostCertificate } from '../connect/host-certificate';
import type { LinkCredentials } from '../connect/pinned-pair';
import { PluginConnection } from '../connect/plugin-connection';
import { pacingFor } from '../connect/stream-pace';
import { readStdio } from '../connect/stdio-stream';
import { transportFor } from '../connect/transport';
import type { Confinement } from '../isolation/confinement';
import { awaitHandshake } from '../handshake/await-handshake';
import { checkHealth } from '../health/check-health';
import { describeExit } from '../process/describe-exit';
import { exitWithin } from '../process/exit-within';
import { PluginLog } from '../process/plugin-log';
import type { PluginRemarks } from '../process/plugin-remarks';
import type { PluginProcess } from '../process/plugin-process';
import type { PrivateDirectory } from '../process/private-directory';
import { OutsideCalls } from '../sharing/outside-calls';
import type { GenerationSharing, LinkWatch } from '../sharing/plugin-link';
import type { LaunchContext, LaunchOptions } from './launch-context';
import { ownAddress } from './plugin-socket';
import { type RunningProcess, startProcess } from './start-process';
import { secureLink } from './secure-link';
import { StartFailure } from './start-failure';

/** How long a failed call waits to see whether the process is just ending. */
const LAST_MOMENT_MS = 250;
/** Whatever a manifest asks for: somebody waits for the outcome of a start. */
const LONGEST_START_MS = 600_000;

interface LaunchedParts {
  running: RunningProcess;
  connection: PluginConnection;
  broker: ClientDuplexStream<ConnInfo, ConnInfo>;
  credentials: LinkCredentials;
  notEnforced: readonly string[];
  sharing: GenerationSharing;
  clock: Clock;
}

/** A process that answers its health check, with its streams open. Nothing has been asked of the plugin yet. */
export class LaunchedPlugin {
  constructor(private readonly parts: LaunchedParts) {}

  get process(): PluginProcess {
    return this.parts.running.process;
  }

  get directory(): PrivateDirectory {
    return this.parts.running.directory;
  }

  get confinement(): Confinement {
    return this.parts.running.confinement;
  }

  get connection(): PluginConnection {
    return this.parts.connection;
  }

  /** The broker stream, open for the life of the process. */
  get broker(): ClientDuplexStream<ConnInfo, ConnInfo> {
    return this.parts.broker;
  }

  get credentials(): LinkCredentials {
    return this.parts.credentials;
  }

  /** Protections that this host could not give; a sentence each. */
  get notEnforced(): readonly string[] {
    return this.parts.notEnforced;
  }

  /** For other processes of this host. */
  get sharing(): GenerationSharing {
    return this.parts.sharing;
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  /** The result of `work`, or a {@link StartFailure} as soon as the process ends. `phase` is what the plugin was doing. */
  whileAlive<T>(phase: string, work: Promise<T>): Promise<T> {
    return whileAlive(this.process, this.parts.clock, phase, work);
  }

  /** Ends the process group at once and removes what belonged to it. Resolves when the process is gone. */
  destroy(): Promise<void> {
    this.connection.close();
    return this.parts.running.destroy();
  }
}

/** Starts a process and gets it to the point where it can be asked. Throws {@link StartFailure}, and then nothing is left of it. */
export async function launchPlugin(context: LaunchContext, options: LaunchOptions): Promise<LaunchedPlugin> {
  const offered = context.autoMtls === 'on';
  const launched = await launch(context, options, offered);
  if (launched !== WANTS_CERTIFICATES) return launched;
  // Which network a plugin listens on shows only after it was told whether there are certificates.
  return (await launch(context, options, true)) as LaunchedPlugin;
}

const WANTS_CERTIFICATES = Symbol('listens on TCP and was not given a certificate');

async function launch(context: LaunchContext, options: LaunchOptions, certificates: boolean): Promise<LaunchedPlugin | typeof WANTS_CERTIFICATES> {
  const { clock, timings, autoMtls } = context;
  const { signal } = options;
  signal?.throwIfAborted();
  const log = new PluginLog(options.logger, options.ring, clock);
  const own = certificates ? await generateHostCertificate() : undefined;
  const running = await startProcess(context, options, log, own?.certificate);
  const { process, confinement } = running;
  const kill = () => process.kill();
  signal?.addEventListener('abort', kill, { once: true });
  let connection: PluginConnection | undefined;
  try {
    const startMs = Math.min(confinement.limits.startTimeoutMs ?? timings.startMs, LONGEST_START_MS);
    const handshake = await awaitHandshake(process, clock, startMs, certificates);
    if (handshake.address.network === 'tcp' && !certificates && autoMtls === 'auto') {
      await running.destroy();
      return WANTS_CERTIFICATES;
    }
    const { credentials, notEnforced } = secureLink(handshake, autoMtls, own);
    const address = await whileAlive(process, clock, 'after the handshake', ownAddress(handshake.address, running, clock, timings.connectMs));
    const transport = transportFor(context.transport, address, certificates);
    const { messageBytes, streamBytesPerSecond } = confinement.limits;
    connection = new PluginConnection(address, { credentials: credentials.client, messageBytes, transport });
    connection.calls.watch = options.ring.remarks;
    const watch = linkWatch(options.ring.remarks, confinement);
    connection.calls.pacing = pacingFor(confinement.limits, clock, watch);
    const broker = await whileAlive(process, clock, 'after the handshake', connect(connection, log, timings.connectMs));
    signal?.throwIfAborted();
    // A program that starts uses what processor time it may have: only what it does afterwards is judged.
    confinement.watch(clock, options.ring.remarks);
    const pair = own && handshake.certificate && { own, plugin: handshake.certificate };
    const link = { address, transport, messageBytes, streamBytesPerSecond, ...(pair && { certificates: pair }) };
    const sharing = { link, calls: new OutsideCalls(), watch, over: process.exited };
    return new LaunchedPlugin({ running, connection, broker, credentials, notEnforced: [...confinement.notEnforced, ...notEnforced], sharing, clock });
  } catch (error) {
    connection?.close();
    await running.destroy();
    throw error;
  } finally {
    signal?.removeEventListener('abort', kill);
  }
}

/** A plugin whose streams have to be slowed down keeps the processors busy as well. */
function linkWatch(remarks: PluginRemarks, confinement: Confinement): LinkWatch {
  return {
    received: (bytes) => remarks.received(bytes),
    streamTimedOut: () => remarks.streamTimedOut(),
    refusedMessage: (bytes, limit) => remarks.refusedMessage(bytes, limit),
    slowed: (bytesPerSecond) => {
      remarks.slowed(bytesPerSecond);
      confinement.standBack();
    },
  };
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
