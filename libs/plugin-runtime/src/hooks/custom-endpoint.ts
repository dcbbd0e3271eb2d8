import { PluginServiceService } from '@sluice/contracts/plugin';

/**
 * Capability `custom_endpoint`: HTTP requests of a gateway's clients. The gateway encodes and decodes the messages itself, because it
 * passes bodies on without copying; what is fixed for everybody is where the calls go and how long an answer may take.
 */
export const customEndpoint = {
  unary: { method: PluginServiceService.handleEndpointRequest.path, deadlineMs: 60_000 },
  /** The deadline of a stream is a setting of the gateway. */
  stream: { method: PluginServiceService.handleEndpointRequestStream.path },
} as const;
