import { ConfigProviderServiceService } from '@sluice/contracts/config-provider';
import { callMessage } from '../connect/call-message';
import { ChannelError, type PluginChannel } from '../connect/plugin-channel';
import { StartFailure } from '../launch/start-failure';
import type { PluginTimings } from '../timings';

/** What a plugin says about itself before anybody has configured it. `''` where it says nothing. */
export interface PluginInspection {
  manifestJson: string;
  configSchemaJson: string;
}

/** Asks a plugin that has not been initialised for its manifest and config schema. Throws {@link StartFailure}. */
export async function readConfigProvider(channel: PluginChannel, { questionMs, describeMs }: PluginTimings): Promise<PluginInspection> {
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
