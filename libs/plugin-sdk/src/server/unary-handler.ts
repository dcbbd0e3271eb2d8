import type { handleUnaryCall } from '@grpc/grpc-js';
import type { UnaryRow } from '../capabilities/binding';
import type { ContextSource } from '../context/request-context';
import { messageOf, unknownStatus } from './author-error';
import { callSignal } from './call-signal';
import type { PluginProcess } from './plugin-process';

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
    const end = callSignal(call);
    process.learn(0, brokerIdOf(call.request));
    const ctx = process.context(call.request as ContextSource, end);
    answerBy(() => row.answer(target as never, ctx, call.request)).then(
      (response) => {
        end.answered();
        callback(null, response);
      },
      (error: unknown) => {
        end.answered();
        if (!end.aborted) ctx.services.logger.error(`${row.method} failed.`, { method: row.method, error });
        if (row.failed) callback(null, row.failed(messageOf(error)));
        else callback(unknownStatus(error));
      },
    );
  };
}

/** Some requests name the broker id once more, for plugins that were never initialised with one. */
export function brokerIdOf(request: { serviceBrokerId?: number }): number {
  return request.serviceBrokerId ?? 0;
}

/** What is a promise already needs no second one. */
function answerBy(answer: () => object | Promise<object>): Promise<object> {
  try {
    const given = answer();
    return given instanceof Promise ? given : Promise.resolve(given);
  } catch (error) {
    return Promise.reject(error);
  }
}
