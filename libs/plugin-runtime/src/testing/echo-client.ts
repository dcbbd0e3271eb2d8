import { EndpointRequest, EndpointResponse, EndpointResponseChunk, EndpointResponseChunk_ChunkType as ChunkType } from '@sluice/contracts/plugin';
import { callUnary, type ChannelError, type StreamCall } from '../connect/plugin-channel';
import { customEndpoint } from '../hooks/custom-endpoint';
import type { PluginGeneration } from '../host/plugin-host';

export interface EchoAnswer {
  status: number;
  body: Buffer;
  json: Record<string, unknown>;
}

function encode(method: string, target: string, change: Partial<EndpointRequest>): Uint8Array {
  const [path = '/', queryString = ''] = target.split('?');
  const request = { method, path: `/plugins/echo${path}`, relativePath: path, pathSegments: path.split('/').filter(Boolean), queryString, ...change };
  return EndpointRequest.encode(EndpointRequest.fromPartial(request)).finish();
}

/** Asks a generation of the echo plugin as a gateway would. */
export async function ask(generation: PluginGeneration, method: string, target: string, change: Partial<EndpointRequest> = {}, deadlineMs = 20_000): Promise<EchoAnswer> {
  const answer = await callUnary(generation.channel, customEndpoint.unary.method, encode(method, target, change), { deadlineMs });
  const { statusCode, body } = EndpointResponse.decode(answer);
  return {
    status: statusCode || 200,
    body,
    get json() {
      return JSON.parse(body.toString()) as Record<string, unknown>;
    },
  };
}

/** A stream of the echo plugin, collected. */
export class EchoStream {
  readonly chunks: { type: ChunkType; data: string; status: number; at: number }[] = [];
  /** Resolves with null when the stream ended well, or with its error. */
  readonly ended: Promise<ChannelError | null>;
  readonly call: StreamCall;
  onChunk: () => void = () => undefined;

  constructor(generation: PluginGeneration, target: string, deadlineMs = 20_000) {
    let end: (error: ChannelError | null) => void = () => undefined;
    this.ended = new Promise((resolve) => (end = resolve));
    this.call = generation.channel.serverStream(customEndpoint.stream.method, encode('GET', target, {}), { deadlineMs }, {
      onMessage: (message) => {
        const { type, data, statusCode } = EndpointResponseChunk.decode(message);
        this.chunks.push({ type, data: data.toString(), status: statusCode, at: Date.now() });
        this.onChunk();
      },
      onEnd: () => end(null),
      onError: (error) => end(error),
    });
  }

  /** What the BODY chunks carry, one `data:` line each. */
  get events(): { n: number; at: number }[] {
    return this.chunks
      .filter(({ type }) => type === ChunkType.BODY)
      .map(({ data }) => JSON.parse(/^data: (.*)$/m.exec(data)?.[1] ?? 'null') as { n: number; at: number });
  }
}
