import { Client, credentials, type ServiceError } from '@grpc/grpc-js';
import { Status } from '../../grpc/status';
import type { Outcome, PlanClient } from './outcome';
import type { PlannedCall } from './random-call';

const same = (value: Buffer) => value;

/** Makes planned calls with @grpc/grpc-js, whose streams drop what has not been read when they fail. */
export function grpcJsClient(path: string): PlanClient {
  const client = new Client(`unix:${path}`, credentials.createInsecure(), {
    'grpc.default_authority': 'localhost',
    'grpc.max_receive_message_length': -1,
    'grpc.max_send_message_length': -1,
    'grpc.use_local_subchannel_pool': 1,
  });
  return {
    call: (planned) => (planned.streams ? stream(client, planned) : unary(client, planned)),
    close: () => client.close(),
  };
}

function unary(client: Client, { request, deadlineMs, cancelAfter }: PlannedCall): Promise<Outcome> {
  return new Promise((resolve) => {
    const call = client.makeUnaryRequest('/test.Plan/Unary', same, same, request, { deadline: Date.now() + deadlineMs }, (error, answer) =>
      resolve(error ? outcomeOf(error, [], cancelAfter) : { status: Status.OK, message: '', answers: [answer!] }),
    );
    if (cancelAfter !== undefined) setImmediate(() => call.cancel());
  });
}

function stream(client: Client, { request, deadlineMs, cancelAfter, pauseEvery }: PlannedCall): Promise<Outcome> {
  return new Promise((resolve) => {
    const answers: Buffer[] = [];
    const call = client.makeServerStreamRequest('/test.Plan/Stream', same, same, request, { deadline: Date.now() + deadlineMs });
    call.on('data', (answer: Buffer) => {
      if (cancelAfter !== undefined && answers.length >= cancelAfter) return;
      answers.push(answer);
      if (answers.length === cancelAfter) return call.cancel();
      if (pauseEvery === 0 || answers.length % pauseEvery !== 0) return;
      call.pause();
      setImmediate(() => call.resume());
    });
    call.on('end', () => resolve({ status: Status.OK, message: '', answers }));
    call.on('error', (error: ServiceError) => resolve(outcomeOf(error, answers, cancelAfter)));
    if (cancelAfter === 0) setImmediate(() => call.cancel());
  });
}

function outcomeOf(error: ServiceError, answers: Buffer[], cancelAfter: number | undefined): Outcome {
  // A peer that sees the deadline first resets the stream with CANCEL.
  const expired = error.code === Status.CANCELLED && error.details === 'Call cancelled' && cancelAfter === undefined;
  return { status: expired ? Status.DEADLINE_EXCEEDED : error.code, message: cancelAfter === undefined ? error.details : '', answers, lossy: true };
}
