import type { EndpointChunk, EndpointStream, ResponseInit } from './endpoint-types';
import type { Body } from './http';

interface Item {
  chunk: EndpointChunk;
  taken: () => void;
  refused: (reason: Error) => void;
}

/**
 * Lets a handler that writes be read like one that yields: each write waits until its chunk was taken, so that a slow client slows
 * the handler down.
 */
export class EndpointWriter implements EndpointStream, AsyncIterable<EndpointChunk> {
  private items: Item[] = [];
  private wake: (() => void) | undefined;
  private ending: { error?: unknown } | undefined;
  private abandoned: Error | undefined;

  /** Runs the handler; the iteration ends, or fails, as it does. */
  constructor(signal: AbortSignal, handler: (stream: EndpointStream) => Promise<void>) {
    signal.addEventListener('abort', () => this.abandon('The client has gone away.'), { once: true });
    void handler(this).then(
      () => this.end({}),
      (error: unknown) => this.end({ error }),
    );
  }

  writeHead(init: ResponseInit): Promise<void> {
    return this.put({ status: init.status, headers: init.headers });
  }

  write(chunk: Body): Promise<void> {
    return this.put(chunk);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<EndpointChunk> {
    try {
      while (!this.abandoned) {
        const [item] = this.items;
        if (item) {
          yield item.chunk;
          this.items = this.items.slice(1);
          item.taken();
        } else if (this.ending) {
          if ('error' in this.ending) throw this.ending.error;
          return;
        } else {
          await new Promise<void>((resolve) => (this.wake = resolve));
        }
      }
    } finally {
      this.abandon('The answer has ended.');
    }
  }

  private put(chunk: EndpointChunk): Promise<void> {
    if (this.abandoned) return Promise.reject(this.abandoned);
    return new Promise((taken, refused) => {
      this.items.push({ chunk, taken, refused });
      this.wake?.();
    });
  }

  private end(ending: { error?: unknown }): void {
    this.ending = ending;
    this.wake?.();
  }

  /** Nobody takes anything any more: a handler that waits for its writes must not wait for ever. */
  private abandon(reason: string): void {
    this.abandoned ??= new Error(reason);
    for (const item of this.items.splice(0)) item.refused(this.abandoned);
    this.wake?.();
  }
}
