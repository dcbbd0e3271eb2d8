import { ConfigProviderServiceService } from '@sluice/contracts/config-provider';
import { systemClock } from '@sluice/kernel';
import { callMessage } from '../connect/call-message';
import { ChannelError, type PluginChannel } from '../connect/plugin-channel';
import type { Deployment } from '../deployment/deployment';
import { FilePluginLauncher } from '../launch/file-plugin-launcher';
import { launchPlugin } from '../launch/launch-plugin';
import { StartFailure } from '../launch/start-failure';
import { pluginErrors } from '../plugin-errors';
import { LogRing } from '../process/log-ring';
import { prepareRunDirectory } from '../process/private-directory';
import { sayFarewell } from '../session/say-farewell';
import { DEFAULT_TIMINGS, type PluginTimings } from '../timings';
import type { PluginHostOptions } from './plugin-host';

export type InspectionOptions = Pick<PluginHostOptions, 'runtime' | 'edgeId' | 'runDirectory' | 'logger' | 'clock' | 'timings' | 'environment'>;

/** What a plugin says about itself before anybody has configured it. `''` where it says nothing. */
export interface PluginInspection {
  manifestJson: string;
  configSchemaJson: string;
}

/**
 * Starts a plugin only to read its manifest and config schema, without `Initialize`, and ends it. Throws `plugin.startFailed` with a
 * sentence about what is wrong, and the process's exit and last lines in `details`. Nothing is left of it in any case.
 */
export async function inspectPlugin(deployment: Deployment, options: InspectionOptions): Promise<PluginInspection> {
  const { runtime, edgeId, runDirectory, logger, clock = systemClock, environment = process.env } = options;
  const timings = { ...DEFAULT_TIMINGS, ...options.timings };
  prepareRunDirectory(runDirectory);
  const ring = new LogRing();
  const context = { launcher: new FilePluginLauncher(), clock, timings, runtime, edgeId, runDirectory, environment };
  try {
    const launched = await launchPlugin(context, { deployment, logger, ring });
    try {
      return await launched.whileAlive('while it was asked about itself', read(launched.connection.control, timings));
    } finally {
      await Promise.race([sayFarewell(launched.connection.control, 'unload', timings.farewellMs), launched.process.exited]);
      await launched.destroy();
    }
  } catch (error) {
    if (!(error instanceof StartFailure)) throw error;
    throw new pluginErrors.startFailed({ deployment, exit: error.exit, lastLogLines: ring.last() }, { detail: error.message, cause: error });
  }
}

async function read(channel: PluginChannel, { questionMs, describeMs }: PluginTimings): Promise<PluginInspection> {
  const { ping, getConfigSchema, getManifest } = ConfigProviderServiceService;
  try {
    const { healthy } = await callMessage(channel, ping, { timestamp: BigInt(Math.floor(Date.now() / 1_000)) }, questionMs);
    if (!healthy) throw new StartFailure('The plugin says that it is not healthy.');
    const schema = await callMessage(channel, getConfigSchema, {}, describeMs);
    const manifest = await callMessage(channel, getManifest, {}, describeMs);
    return { manifestJson: manifest.success ? manifest.manifestJson : '', configSchemaJson: schema.success ? schema.schemaJson : '' };
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    throw new StartFailure(`The plugin did not say what it is: ${error.message}.`);
  }
}
