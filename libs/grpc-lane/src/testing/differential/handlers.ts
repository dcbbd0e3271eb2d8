import { Metadata, type sendUnaryData, type ServerUnaryCall, type ServerWritableStream } from '@grpc/grpc-js';
import { Status } from '../../grpc/status';
import { answerOf, planOf } from './plan';

const bytes = {
  requestSerialize: (value: Buffer) => value,
  requestDeserialize: (value: Buffer) => value,
  responseSerialize: (value: Buffer) => value,
  responseDeserialize: (value: Buffer) => value,
};

/** Messages are bytes: each request is a plan, see plan.ts. */
export const PLAN_SERVICE = {
  unary: { path: '/test.Plan/Unary', requestStream: false, responseStream: false, ...bytes },
  stream: { path: '/test.Plan/Stream', requestStream: false, responseStream: true, ...bytes },
};

/** Does what plans say, on @grpc/grpc-js's server and on the lane's, which knows no metadata. */
export const PLAN_HANDLERS = {
  unary: (call: ServerUnaryCall<Buffer, Buffer>, respond: sendUnaryData<Buffer>) => {
    const plan = planOf(call.request);
    call.sendMetadata?.(metadataOf(plan.headers));
    if (plan.hangs) return;
    const trailers = metadataOf(plan.trailers);
    if (plan.status !== Status.OK) respond({ code: plan.status, details: plan.message, metadata: trailers });
    else respond(null, answerOf(call.request, 0, plan.answers[0]!), trailers);
  },

  stream: (call: ServerWritableStream<Buffer, Buffer>) => {
    const plan = planOf(call.request);
    call.sendMetadata?.(metadataOf(plan.headers));
    let sent = 0;
    const more = (): void => {
      while (sent < plan.answers.length) {
        const answer = answerOf(call.request, sent, plan.answers[sent]!);
        sent += 1;
        if (!call.write(answer)) return void call.once('drain', more);
      }
      if (plan.hangs) return;
      if (plan.status !== Status.OK) call.emit('error', { code: plan.status, details: plan.message, metadata: metadataOf(plan.trailers) });
      else call.end(metadataOf(plan.trailers));
    };
    more();
  },
};

function metadataOf(values: Record<string, string>): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(values)) metadata.set(name, value);
  return metadata;
}
