import type { sendUnaryData, ServerUnaryCall, ServerWritableStream, UntypedHandleCall, UntypedServiceImplementation } from '@grpc/grpc-js';
import { type InitRequest, PluginServiceService } from '@sluice/contracts/plugin';
import { unknownStatus } from '../server/author-error';
import type { HostBinding } from './host-binding';
import type { HostBindings } from './host-bindings';

type Unary = (call: ServerUnaryCall<unknown, unknown>, callback: sendUnaryData<unknown>) => void;
type Streaming = (call: ServerWritableStream<unknown, unknown>) => void;

/** `plugin.PluginService` for many hosts at once: each call is answered for the host whose connection it came on. */
export function boundPluginService(bindings: HostBindings): UntypedServiceImplementation {
  const rows = Object.entries(PluginServiceService).map(([rpc, { responseStream }]): [string, UntypedHandleCall] => {
    const binding = (call: { getPeer(): string; request: unknown }): Promise<HostBinding> =>
      rpc === 'initialize' ? bindings.initialize(call.getPeer(), (call.request as InitRequest).config) : bindings.of(call.getPeer());
    const stream: Streaming = (call) => {
      binding(call).then(
        ({ service }) => (service[rpc] as Streaming)(call),
        (error: unknown) => call.emit('error', unknownStatus(error)),
      );
    };
    const unary: Unary = (call, callback) => {
      binding(call).then(
        ({ service }) => (service[rpc] as Unary)(call, callback),
        (error: unknown) => callback(unknownStatus(error)),
      );
    };
    return [rpc, responseStream ? stream : unary];
  });
  return Object.fromEntries(rows);
}
