import { StdioBuffer } from './stdio-buffer';

type Write = typeof process.stdout.write;

/**
 * Takes stdout away from the plugin's code: the first line on it belongs to the handshake. What is printed before that goes to
 * stderr, what is printed later to the host over `GRPCStdio`. Only what goes through `process.stdout` is seen: a child process that
 * inherits the descriptor is on its own.
 */
export class StdoutCapture {
  readonly buffer = new StdioBuffer();
  private readonly realWrite: Write = process.stdout.write.bind(process.stdout);
  private handshakeDone = false;

  constructor() {
    process.stdout.write = this.write.bind(this) as Write;
  }

  /** Writes the handshake's line on the real stdout. */
  writeHandshake(line: string): void {
    this.realWrite(line);
    this.handshakeDone = true;
  }

  private write(chunk: string | Uint8Array, encoding?: BufferEncoding | (() => void), callback?: () => void): boolean {
    const done = typeof encoding === 'function' ? encoding : callback;
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8') : Buffer.from(chunk);
    if (this.handshakeDone) this.buffer.push(bytes);
    else process.stderr.write(bytes);
    if (done) process.nextTick(done);
    return true;
  }
}
