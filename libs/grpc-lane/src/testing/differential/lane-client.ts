import { LaneChannel, type LaneChannelOptions } from '../../client/lane-channel';
import { type CallError, Status } from '../../grpc/status';
import type { Outcome, PlanClient } from './outcome';
import type { PlannedCall } from './random-call';

/** Makes planned calls over the lane. */
export function laneClient(options: LaneChannelOptions): PlanClient {
  const channel = new LaneChannel(options);
  return {
    call: (planned) => (planned.streams ? stream(channel, planned) : unary(channel, planned)),
    close: () => channel.close(),
  };
}

function unary(channel: LaneChannel, { request, deadlineMs, cancelAfter }: PlannedCall): Promise<Outcome> {
  return new Promise((resolve) => {
    const call = channel.unary('/test.Plan/Unary', request, { deadlineMs }, {
      onResponse: (response) => resolve({ status: Status.OK, message: '', answers: [Buffer.from(response)] }),
      onError: ({ status, message }) => resolve({ status, message, answers: [] }),
    });
    if (cancelAfter === undefined) return;
    setImmediate(() => {
      call.cancel();
      resolve({ status: Status.CANCELLED, message: '', answers: [] });
    });
  });
}

function stream(channel: LaneChannel, { request, deadlineMs, cancelAfter, pauseEvery }: PlannedCall): Promise<Outcome> {
  return new Promise((resolve) => {
    const answers: Buffer[] = [];
    const cancel = () => {
      call.cancel();
      resolve({ status: Status.CANCELLED, message: '', answers });
    };
    const call = channel.serverStream('/test.Plan/Stream', request, { deadlineMs }, {
      onMessage: (message) => {
        // A fast peer answers before a call that is cancelled at once has been.
        if (cancelAfter !== undefined && answers.length >= cancelAfter) return;
        answers.push(Buffer.from(message));
        if (answers.length === cancelAfter) return cancel();
        if (pauseEvery === 0 || answers.length % pauseEvery !== 0) return;
        call.pause();
        setImmediate(() => call.resume());
      },
      onEnd: () => resolve({ status: Status.OK, message: '', answers }),
      onError: ({ status, message }: CallError) => resolve({ status, message, answers }),
    });
    if (cancelAfter === 0) setImmediate(cancel);
  });
}
