import type { handleUnaryCall } from '@grpc/grpc-js';
import type { UnaryRow } from '../capabilities/binding';
import { messageOf, unknownStatus } from './author-error';
import { contextFor, type PluginProcess } from './plugin-process';
import type { ContextSource } from '../context/request-context';

/** Answers one unary RPC by the method `row.method` of `target`, or by its default when there is no target. */
export function unaryHandler(
  process: PluginProcess,
  row: UnaryRow<never, never>,
  target: object | undefined,
): handleUnaryCall<never, object> {
  return (call, callback) => {
    if (!target) {
      answerBy(() => row.otherwise(call.request)).then((response) => callback(null, response), (error: unknown) => callback(unknownStatus(error)));
      return;
    }
    const signal = signalOf(call);
    const ctx = contextFor(process, call.request as ContextSource, signal);
    answerBy(() => row.answer(target as never, ctx, call.request)).then(
      (response) => callback(null, response),
      (error: unknown) => {
        if (!signal.aborted) ctx.services.logger.error(`${row.method} failed.`, { method: row.method, error });
        if (row.failed) callback(null, row.failed(messageOf(error)));
        else callback(unknownStatus(error));
      },
    );
  };
}

/** Aborted when the caller has cancelled or its deadline has passed. */
export function signalOf(call: { on(event: 'cancelled', listener: () => void): unknown }): AbortSignal {
  const controller = new AbortController();
  call.on('cancelled', () => controller.abort(new Error('Nobody waits for this answer any more.')));
  return controller.signal;
}

async function answerBy(answer: () => object | Promise<object>): Promise<object> {
  return answer();
}
