import { status as Status } from '@grpc/grpc-js';
import { callUnary, ChannelError, type PluginChannel } from './plugin-channel';

/** The part of a generated gRPC method definition that a call needs. */
export interface MethodDefinition<Request, Response> {
  path: string;
  requestSerialize(value: Request): Buffer;
  responseDeserialize(value: Buffer): Response;
}

/** A unary call with generated messages. Rejects with ChannelError, and so does an answer that is no such message. */
export async function callMessage<Request, Response>(
  channel: PluginChannel,
  method: MethodDefinition<Request, Response>,
  request: Request,
  deadlineMs: number,
): Promise<Response> {
  const response = await callUnary(channel, method.path, method.requestSerialize(request), { deadlineMs });
  try {
    return method.responseDeserialize(response as Buffer);
  } catch {
    throw new ChannelError(Status.INTERNAL, `The plugin answered ${method.path} with bytes that are no such message.`);
  }
}
