/** A server call as far as its end is concerned. */
export interface CancellableCall {
  on(event: 'cancelled', listener: () => void): unknown;
}

export interface CallSignal {
  /** Aborted when the caller has cancelled or its deadline has passed, while the call is running. */
  signal: AbortSignal;
  /** The call has been answered: what grpc-js calls cancelled from now on is the ordinary end of the stream. */
  answered(): void;
}

export function callSignal(call: CancellableCall): CallSignal {
  const controller = new AbortController();
  let running = true;
  call.on('cancelled', () => {
    if (running) controller.abort(new Error('Nobody waits for this answer any more.'));
  });
  return { signal: controller.signal, answered: () => void (running = false) };
}
