import type { handleServerStreamingCall, ServerWritableStream } from '@grpc/grpc-js';
import type { StreamRow } from '../capabilities/binding';
import type { ContextSource } from '../context/request-context';
import { messageOf, unknownStatus } from './author-error';
import { callSignal } from './call-signal';
import type { PluginProcess } from './plugin-process';
import { brokerIdOf } from './unary-handler';

type Call = ServerWritableStream<never, object>;

/** Answers one streaming RPC: each message is sent when the host has room for it, and the author's iteration ends with the call. */
export function streamHandler(
  process: PluginProcess,
  row: StreamRow<never, never>,
  target: object | undefined,
): handleServerStreamingCall<never, object> {
  return (call) => {
    // What goes wrong on a stream whose reader is gone interests nobody.
    call.on('error', () => undefined);
    if (!target) {
      call.emit('error', unknownStatus(row.otherwise));
      return;
    }
    const end = callSignal(call);
    const { signal } = end;
    process.learn(0, brokerIdOf(call.request));
    const ctx = process.context(call.request as ContextSource, end);
    sendAll(call, signal, row.answer(target as never, ctx, call.request)).then(
      () => {
        end.answered();
        call.end();
      },
      (error: unknown) => {
        if (signal.aborted) return;
        ctx.services.logger.error(`${row.method} failed.`, { method: row.method, error });
        end.answered();
        call.write(row.failed(messageOf(error)));
        call.end();
      },
    );
  };
}

async function sendAll(call: Call, signal: AbortSignal, messages: AsyncIterable<object>): Promise<void> {
  const iterator = messages[Symbol.asyncIterator]();
  // Asked for at once; it takes effect where the author's code yields next.
  signal.addEventListener('abort', () => void iterator.return?.().catch(() => undefined), { once: true });
  for (;;) {
    const next = await iterator.next();
    if (next.done || signal.aborted) return;
    if (!call.write(next.value)) await drained(call, signal);
  }
}

function drained(call: Call, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      call.off('drain', settle);
      signal.removeEventListener('abort', settle);
      resolve();
    };
    call.on('drain', settle);
    signal.addEventListener('abort', settle);
    if (signal.aborted) settle();
  });
}
