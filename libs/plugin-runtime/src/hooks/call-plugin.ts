import { status as Status } from '@grpc/grpc-js';
import { callMessage, type MethodDefinition } from '../connect/call-message';
import { ChannelError } from '../connect/plugin-channel';
import type { PluginGeneration } from '../host/plugin-host';
import { pluginErrors } from '../plugin-errors';

/** One question to a plugin. Throws `plugin.callTimedOut`, or `plugin.callFailed` with the plugin's words in its details. */
export async function callPlugin<Request, Response>(
  { channel, pluginId }: PluginGeneration,
  method: MethodDefinition<Request, Response>,
  request: Request,
  deadlineMs: number,
): Promise<Response> {
  try {
    return await callMessage(channel, method, request, deadlineMs);
  } catch (cause) {
    if (!(cause instanceof ChannelError)) throw cause;
    const details = { pluginId, method: method.path, status: cause.status, reason: cause.message };
    if (cause.status === Status.DEADLINE_EXCEEDED) throw new pluginErrors.callTimedOut(details, { cause });
    throw new pluginErrors.callFailed(details, { cause });
  }
}
