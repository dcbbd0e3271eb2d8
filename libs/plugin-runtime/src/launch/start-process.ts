import type { Logger } from 'pino';
import type { Confinement } from '../isolation/confinement';
import { obstacleFor } from '../isolation/reach';
import { endLeftBehind } from '../process/end-left-behind';
import { pluginEnvironment } from '../process/plugin-environment';
import type { PluginLog } from '../process/plugin-log';
import { PluginProcess } from '../process/plugin-process';
import { PrivateDirectory } from '../process/private-directory';
import type { LaunchContext, LaunchOptions } from './launch-context';
import type { Program } from './stage-program';
import { StartFailure } from './start-failure';

/** A process with everything that it was given. */
export class RunningProcess {
  constructor(
    readonly process: PluginProcess,
    readonly directory: PrivateDirectory,
    readonly confinement: Confinement,
    private readonly logger: Logger,
  ) {}

  /** Ends the process and what it started, at once, and removes what belonged to them. Resolves when they are gone. */
  async destroy(): Promise<void> {
    this.process.kill();
    this.confinement.kill();
    await this.process.drained;
    if (!this.confinement.findsAll) await endLeftBehind(this.directory.pluginFolder);
    await takeBack(this.directory, this.confinement, this.logger);
  }
}

/**
 * Prepares the program, its limits and its folder, and starts it. Throws {@link StartFailure}, and then nothing is left of it.
 * @param clientCertificate the host's, when the plugin shall answer with one of its own.
 */
export async function startProcess(context: LaunchContext, { deployment, limits, holder, signal, logger }: LaunchOptions, log: PluginLog, clientCertificate?: string): Promise<RunningProcess> {
  const { launcher, isolation, runtime, edgeId, environment: inherited } = context;
  const directory = PrivateDirectory.create(context.runDirectory, logger);
  let confinement: Confinement | undefined;
  let process: PluginProcess | undefined;
  try {
    const program = await launcher.prepare({ deployment, directory: directory.path, signal });
    confinement = await isolation.confine({ holder, limits });
    signal?.throwIfAborted();
    const { uid } = confinement;
    if (uid !== undefined) {
      directory.giveTo(uid);
      await warnOfObstacle(program, uid, directory, log);
    }
    const environment = pluginEnvironment({ inherited, runtime, edgeId, directory: directory.pluginFolder, ownUser: uid !== undefined, clientCertificate });
    const [file = '', ...args] = confinement.wrap(program);
    const confined = confinement;
    log.onFlood = () => confined.standBack();
    process = new PluginProcess({ file, args, environment, directory: program.folder, log, explainEnd: (signal) => confined.explainEnd(signal) });
    if (process.pid !== undefined) directory.recordProcess(process.pid);
    return new RunningProcess(process, directory, confinement, logger);
  } catch (error) {
    // The machine is out of something that a process needs, or its disk is full and nobody could find the process after a crash.
    process?.kill();
    await process?.exited;
    await takeBack(directory, confinement, logger);
    if (error instanceof StartFailure || signal?.aborted) throw error;
    throw new StartFailure(`The plugin could not be started: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** A program that its user cannot reach ends with words of its interpreter; this says what to do. It may be wrong where there are access lists. */
async function warnOfObstacle({ file, args }: Program, uid: number, directory: PrivateDirectory, log: PluginLog): Promise<void> {
  const path = args[0] ?? file;
  if (path.startsWith(directory.path)) return;
  const obstacle = await obstacleFor(path).catch(() => undefined);
  if (obstacle !== undefined) log.notice(`The plugin runs as user ${uid}, and ${obstacle} keeps other users from ${path}: chmod o+rX it.`);
}

async function takeBack(directory: PrivateDirectory, confinement: Confinement | undefined, logger: Logger): Promise<void> {
  const released = (await confinement?.release()) ?? true;
  if (!released) logger.warn({ event: 'plugin.cgroup_left', path: directory.path }, 'The control group of a plugin process could not be removed.');
  directory.remove();
}
