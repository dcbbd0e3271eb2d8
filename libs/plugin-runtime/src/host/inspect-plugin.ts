import { systemClock } from '@sluice/kernel';
import type { Deployment } from '../deployment/deployment';
import { type PluginInspection, readConfigProvider } from '../hooks/config-provider';
import { Isolation } from '../isolation/isolation';
import { LocalPluginLauncher } from '../launch/local-plugin-launcher';
import { launchPlugin } from '../launch/launch-plugin';
import { StartFailure } from '../launch/start-failure';
import { pluginErrors } from '../plugin-errors';
import { endOrphans } from '../process/end-orphans';
import { LogRing } from '../process/log-ring';
import { ownEnvironment } from '../process/plugin-environment';
import { prepareRunDirectory } from '../process/private-directory';
import { inspectRemotePlugin } from '../remote/inspect-remote-plugin';
import { sayFarewell } from '../session/say-farewell';
import { DEFAULT_TIMINGS } from '../timings';
import type { PluginHostOptions } from './plugin-host';
import { DEFAULT_POLICY } from './plugin-host-policy';

const QUOTED_LINES = 3;
const QUOTED_CHARACTERS = 300;

export type InspectionOptions = Pick<PluginHostOptions, 'runtime' | 'edgeId' | 'runDirectory' | 'logger' | 'clock' | 'timings' | 'environment' | 'policy' | 'programs'>;

/**
 * Starts a plugin only to read its manifest and config schema, without `Initialize`, and ends it; one that runs elsewhere is only asked. Throws `plugin.startFailed` with a
 * sentence about what is wrong, and the process's exit and last lines in `details`. Nothing is left of it in any case.
 */
export async function inspectPlugin(deployment: Deployment, options: InspectionOptions): Promise<PluginInspection> {
  const { runtime, edgeId, runDirectory, logger, clock = systemClock, environment = ownEnvironment() } = options;
  const timings = { ...DEFAULT_TIMINGS, ...options.timings };
  const policy = { ...DEFAULT_POLICY, ...options.policy };
  prepareRunDirectory(runDirectory, policy.uidRange !== null);
  endOrphans(runDirectory, logger);
  const ring = new LogRing();
  const context = { launcher: new LocalPluginLauncher({ hasRoots: policy.roots.length > 0, programs: options.programs }), clock, timings, runtime, edgeId, runDirectory, environment, isolation: new Isolation(policy), autoMtls: policy.autoMtls, transport: policy.transport };
  try {
    if (deployment.kind === 'grpc') return await inspectRemotePlugin(deployment, timings);
    const launched = await launchPlugin(context, { deployment, holder: 'inspection', logger, ring });
    try {
      return await launched.whileAlive('while it was asked about itself', readConfigProvider(launched.connection.control, timings));
    } finally {
      await Promise.race([sayFarewell(launched.connection.control, 'unload', timings.farewellMs), launched.process.exited]);
      await launched.destroy();
    }
  } catch (error) {
    if (!(error instanceof StartFailure)) throw error;
    throw new pluginErrors.startFailed({ deployment, exit: error.exit, lastLogLines: ring.last() }, { detail: `${error.message}${quoteLast(ring)}`, cause: error });
  }
}

/** Whoever registers a plugin has no status to look at yet, so the sentence itself shows what the plugin wrote. */
function quoteLast(ring: LogRing): string {
  const lines = ring.last(QUOTED_LINES);
  return lines.length === 0 ? '' : ` It last wrote: ${lines.map((line) => JSON.stringify(line.slice(0, QUOTED_CHARACTERS))).join(', ')}.`;
}
