import { HealthCheckResponse_ServingStatus, HealthService } from '@sluice/contracts/health';
import { callMessage } from '../connect/call-message';
import type { PluginChannel } from '../connect/plugin-channel';

/** The name under which go-plugin registers itself with the health service. */
const SERVICE_NAME = 'plugin';

/** Whether the plugin says in time that it serves. */
export async function checkHealth(channel: PluginChannel, deadlineMs: number): Promise<boolean> {
  try {
    const { status } = await callMessage(channel, HealthService.check, { service: SERVICE_NAME }, deadlineMs);
    return status === HealthCheckResponse_ServingStatus.SERVING;
  } catch {
    return false;
  }
}
