interface Running<T> {
  result: Promise<T>;
  controller: AbortController;
  waiting: number;
}

/** Does the same thing once for all who ask for it at the same time. It is cancelled when nobody waits for it any more. */
export class SharedWork<T> {
  private readonly running = new Map<string, Running<T>>();

  async run(key: string, signal: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    const running = this.running.get(key) ?? this.start(key, work);
    running.waiting += 1;
    let leave: () => void = () => undefined;
    const left = new Promise<never>((_, reject) => {
      leave = () => reject(signal?.reason as Error);
      signal?.addEventListener('abort', leave, { once: true });
    });
    try {
      return await Promise.race([running.result, left]);
    } finally {
      signal?.removeEventListener('abort', leave);
      running.waiting -= 1;
      if (running.waiting === 0) this.stop(key, running);
    }
  }

  private start(key: string, work: (signal: AbortSignal) => Promise<T>): Running<T> {
    const controller = new AbortController();
    const running = { controller, waiting: 0, result: work(controller.signal) };
    running.result.catch(() => undefined);
    this.running.set(key, running);
    return running;
  }

  private stop(key: string, running: Running<T>): void {
    if (this.running.get(key) === running) this.running.delete(key);
    running.controller.abort();
  }
}
