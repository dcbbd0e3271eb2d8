import type { IncomingMessage } from 'node:http';

/** Hears how reading a body ends. A client that goes away is seen on the response. */
export interface BodyListener {
  onBody(body: Buffer): void;
  onBodyTooLarge(): void;
}

const READER = Symbol('bodyReader');
type ReadRequest = IncomingMessage & { [READER]?: BodyReader };

export const NO_BODY = Buffer.alloc(0);

/**
 * Reads a body of at most `maxBytes`, and keeps no more than that in memory. The listeners are shared functions that find their
 * reader on the request, so that a request costs no closures.
 */
export class BodyReader {
  private first: Buffer | undefined;
  private chunks: Buffer[] | undefined;
  private size = 0;

  constructor(
    private readonly req: ReadRequest,
    private readonly maxBytes: number,
    private readonly listener: BodyListener,
  ) {
    req[READER] = this;
    req.on('data', onData);
    req.on('end', onEnd);
  }

  /** The chunk that exceeds the limit is the last that is looked at. */
  take(chunk: Buffer): void {
    this.size += chunk.length;
    if (this.size > this.maxBytes) {
      this.stop();
      this.listener.onBodyTooLarge();
    } else if (!this.first) this.first = chunk;
    else (this.chunks ??= [this.first]).push(chunk);
  }

  finish(): void {
    this.stop();
    this.listener.onBody(this.chunks ? Buffer.concat(this.chunks, this.size) : (this.first ?? NO_BODY));
  }

  private stop(): void {
    this.req.off('data', onData);
    this.req.off('end', onEnd);
    this.req[READER] = undefined;
  }
}

function onData(this: ReadRequest, chunk: Buffer): void {
  this[READER]?.take(chunk);
}

function onEnd(this: ReadRequest): void {
  this[READER]?.finish();
}
