/** A server call as far as its end is concerned. */
export interface CancellableCall {
  on(event: 'cancelled', listener: () => void): unknown;
}

export function callSignal(call: CancellableCall): CallSignal {
  const signal = new CallSignal();
  call.on('cancelled', () => signal.cancel());
  return signal;
}

/** Whether anybody waits for the answer of a call. The signal is made for those who ask for it: it costs more than the rest of a call. */
export class CallSignal {
  private controller: AbortController | undefined;
  private running = true;
  private abandoned = false;

  /** Aborted when the caller has cancelled or its deadline has passed, while the call is running. */
  get signal(): AbortSignal {
    if (!this.controller) {
      this.controller = new AbortController();
      if (this.abandoned) this.abort();
    }
    return this.controller.signal;
  }

  get aborted(): boolean {
    return this.abandoned;
  }

  /** The call has been answered: what grpc-js calls cancelled from now on is the ordinary end of the stream. */
  answered(): void {
    this.running = false;
  }

  cancel(): void {
    if (!this.running) return;
    this.abandoned = true;
    if (this.controller) this.abort();
  }

  private abort(): void {
    this.controller?.abort(new Error('Nobody waits for this answer any more.'));
  }
}
