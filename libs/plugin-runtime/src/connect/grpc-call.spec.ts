import { status as Status } from '@grpc/grpc-js';
import { GrpcUnaryCall } from './grpc-call';
import { ChannelError } from './plugin-channel';

/** A call whose peer ends it with a status of the test's choice. */
function callWithDeadline(deadline: number): { peerEnds(code: number): number | undefined } {
  let onStatus: (status: { code: number; details: string }) => void = () => undefined;
  const transport = {
    start: (_: unknown, listener: { onReceiveStatus: typeof onStatus }) => (onStatus = listener.onReceiveStatus),
    sendMessageWithContext: () => undefined,
    halfClose: () => undefined,
    startRead: () => undefined,
    cancelWithStatus: () => undefined,
  };
  let heard: number | undefined;
  const observer = { onResponse: () => undefined, onError: (error: ChannelError) => (heard = error.status) };
  new GrpcUnaryCall(transport as unknown as ConstructorParameters<typeof GrpcUnaryCall>[0], deadline, { connected: true, started: () => undefined, ended: () => undefined, received: () => undefined, streamTimedOut: () => undefined, refusedMessage: () => undefined }, observer).start(new Uint8Array());
  return {
    peerEnds: (code) => {
      onStatus({ code, details: '' });
      return heard;
    },
  };
}

describe('a call that the peer ends with something that is no status', () => {
  it.each([NaN, undefined])('failed for a reason that is not known: %s', (code) => {
    expect(callWithDeadline(Date.now() + 60_000).peerEnds(code as number)).toBe(Status.UNKNOWN);
  });
});

describe.each([
  ['cancels', Status.CANCELLED],
  ['gives up', Status.UNKNOWN],
])('a call that the peer %s', (_, code) => {
  it('timed out when its deadline has come, whichever side noticed first', () => {
    expect(callWithDeadline(Date.now() + 10).peerEnds(code)).toBe(Status.DEADLINE_EXCEEDED);
  });

  it('did not time out when there was time left', () => {
    expect(callWithDeadline(Date.now() + 60_000).peerEnds(code)).toBe(code);
  });
});
