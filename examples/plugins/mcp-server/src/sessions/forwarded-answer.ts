import type { ForwardedMessage } from './forwarded-message';
import { answerError } from './json-rpc';

/** An answer that arrives in messages, as a web response whose body streams. */
export class ForwardedAnswer {
  readonly response: Promise<Response>;
  private respond: (response: Response) => void = () => undefined;
  private stream: ReadableStreamDefaultController<Uint8Array> | undefined;
  private ended = false;

  /** @param onCancelled nobody reads any more. */
  constructor(private readonly onCancelled: () => void) {
    this.response = new Promise((resolve) => (this.respond = resolve));
  }

  receive(message: ForwardedMessage): void {
    if (this.ended) return;
    if (message.kind === 'head') this.respond(new Response(this.body(message.status), { status: message.status, headers: message.headers }));
    else if (message.kind === 'chunk') this.stream?.enqueue(Buffer.from(message.body, 'base64'));
    else if (message.kind === 'end') this.end();
  }

  /** The other process has ended: a stream ends, and a call that nobody answered is an error, because it may have been carried out. */
  lose(): void {
    this.respond(answerError(502, -32_000, 'The process that has this session ended before it answered'));
    this.end();
  }

  cancel(): void {
    if (this.ended) return;
    this.respond(answerError(499, -32_000, 'The request was cancelled'));
    this.end();
    this.onCancelled();
  }

  private body(status: number): ReadableStream<Uint8Array> | null {
    if (status === 204 || status === 304) return null;
    return new ReadableStream<Uint8Array>({
      start: (controller) => void (this.stream = controller),
      cancel: () => {
        if (this.ended) return;
        this.ended = true;
        this.onCancelled();
      },
    });
  }

  private end(): void {
    if (this.ended) return;
    this.ended = true;
    this.stream?.close();
  }
}
