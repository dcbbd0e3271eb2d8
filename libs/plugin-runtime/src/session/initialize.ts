import { status as Status } from '@grpc/grpc-js';
import { PluginServiceService } from '@sluice/contracts/plugin';
import { callMessage } from '../connect/call-message';
import { ChannelError, type PluginChannel } from '../connect/plugin-channel';
import { quote } from '../handshake/parse-handshake';
import { StartFailure } from '../launch/start-failure';

/** Hands the plugin its configuration. Throws {@link StartFailure} with the plugin's own words when it refuses. */
export async function initialize(channel: PluginChannel, config: Record<string, string>, deadlineMs: number): Promise<void> {
  const answer = await callMessage(channel, PluginServiceService.initialize, { config }, deadlineMs).catch((error: unknown) => {
    if (!(error instanceof ChannelError)) throw error;
    if (error.status === Status.DEADLINE_EXCEEDED) throw new StartFailure(`The plugin did not answer Initialize within ${deadlineMs / 1_000} s.`);
    throw new StartFailure(`Initialize failed in the plugin: ${quote(error.message)}.`);
  });
  if (answer.success) return;
  throw new StartFailure(answer.errorMessage === '' ? 'The plugin refused to initialise and gave no reason.' : `The plugin refused to initialise: ${quote(answer.errorMessage)}.`);
}
