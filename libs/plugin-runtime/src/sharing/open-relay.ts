import { LaneServer } from '@sluice/grpc-lane';
import { PluginServiceService } from '@sluice/contracts/plugin';
import type { ChannelError, PluginChannel, StreamObserver, UnaryObserver } from '../connect/plugin-channel';
import type { PluginLink } from './plugin-link';
import { toRelayedDetails } from './relayed-channel';

const { handleEndpointRequest, handleEndpointRequestStream } = PluginServiceService;
const asItIs = (bytes: Buffer) => bytes;
const raw = { requestDeserialize: asItIs, responseSerialize: asItIs };

/** The longest that calls through a relay may take; whoever makes one has a shorter time for it. */
export interface RelayLimits {
  unaryMs: number;
  streamMs: number;
}

/** The part of a call of the lane's server that a relay needs. */
interface RelayedCall {
  readonly request: Buffer;
  write(bytes: Uint8Array): boolean;
  end(): void;
  emit(event: 'error', status: { code: number; details: string }): boolean;
  on(event: 'cancelled' | 'drain', listener: () => void): unknown;
}

type Answer = (error: { code: number; details: string } | null, bytes?: Uint8Array) => void;

/** Listens at `path` and passes the calls of endpoints on to `channel`, for processes that cannot have a connection of their own. */
export async function openRelay(channel: PluginChannel, path: string, { unaryMs, streamMs }: RelayLimits): Promise<{ link: PluginLink; close(): void }> {
  const server = new LaneServer({ maxMessageBytes: Infinity });
  const unary = (call: RelayedCall, answer: Answer) => {
    const relayed = channel.unary(handleEndpointRequest.path, call.request, { deadlineMs: unaryMs }, new UnaryRelay(answer));
    call.on('cancelled', () => relayed.cancel());
  };
  const stream = (call: RelayedCall) => {
    const relayed = channel.serverStream(handleEndpointRequestStream.path, call.request, { deadlineMs: streamMs }, new StreamRelay(call, () => relayed.pause()));
    call.on('drain', () => relayed.resume());
    call.on('cancelled', () => relayed.cancel());
  };
  server.addService({ unary: { ...handleEndpointRequest, ...raw }, stream: { ...handleEndpointRequestStream, ...raw } }, { unary, stream });
  await server.listen(path);
  return { link: { address: { network: 'unix', path }, transport: 'lane', relayed: true }, close: () => server.close() };
}

class UnaryRelay implements UnaryObserver {
  constructor(private readonly answer: Answer) {}

  onResponse(response: Uint8Array): void {
    this.answer(null, response);
  }

  onError(error: ChannelError): void {
    this.answer(toStatus(error));
  }
}

class StreamRelay implements StreamObserver {
  constructor(
    private readonly call: RelayedCall,
    private readonly pause: () => void,
  ) {}

  onMessage(message: Uint8Array): void {
    if (!this.call.write(message)) this.pause();
  }

  onEnd(): void {
    this.call.end();
  }

  onError(error: ChannelError): void {
    this.call.emit('error', toStatus(error));
  }
}

function toStatus(error: ChannelError): { code: number; details: string } {
  return { code: error.status, details: toRelayedDetails(error) };
}
