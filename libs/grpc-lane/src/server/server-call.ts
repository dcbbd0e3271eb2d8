import { EventEmitter } from 'node:events';
import type { CallError } from '../grpc/status';
import { Status } from '../grpc/status';
import type { ServerStream, ServerStreamListener } from './server-stream';

/** How a failed call ends. */
export interface CallStatus {
  code?: number;
  details?: string;
}

/** The part of a generated method definition that a server needs; @grpc/grpc-js calls it MethodDefinition. */
export interface MethodDefinition {
  path: string;
  requestStream: boolean;
  responseStream: boolean;
  requestDeserialize(bytes: Buffer): unknown;
  responseSerialize(value: never): Buffer;
}

/** The callback of a unary handler. */
export type Respond = (error: CallStatus | CallError | null, value?: unknown) => void;

/**
 * A call as its handler sees it: the members of @grpc/grpc-js's server calls that handlers here use, so that one handler serves on both.
 * Emits `cancelled` when nobody waits for the answer any more, `drain`, and for a request stream `data` and `end`.
 */
export class ServerCall extends EventEmitter implements ServerStreamListener {
  request: unknown;
  cancelled = false;
  private readonly whenDrained: (() => void)[] = [];
  private messages = 0;

  constructor(
    private readonly stream: ServerStream,
    private readonly method: MethodDefinition,
    private readonly run: (call: ServerCall, respond: Respond) => void,
    private readonly peer: string,
  ) {
    super();
  }

  getPeer(): string {
    return this.peer;
  }

  onMessage(message: Buffer): void {
    this.messages += 1;
    let value: unknown;
    try {
      value = this.method.requestDeserialize(message);
    } catch (error) {
      return this.stream.fail(Status.INTERNAL, `The request is no message of ${this.method.path}: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (this.method.requestStream) this.emit('data', value);
    else this.request = value;
  }

  onRequestEnd(): void {
    if (this.method.requestStream) this.emit('end');
    else if (this.messages === 1) this.start();
    else this.stream.fail(Status.INTERNAL, `A call of ${this.method.path} has one request, not ${this.messages}.`);
  }

  onCancelled(): void {
    this.cancelled = true;
    this.settleWrites();
    super.emit('cancelled');
  }

  onSent(): void {
    this.settleWrites();
  }

  onDrained(): void {
    super.emit('drain');
  }

  /** Runs the handler. */
  start(): void {
    try {
      this.run(this, this.respond);
    } catch (error) {
      this.stream.fail(Status.UNKNOWN, error instanceof Error ? error.message : String(error));
    }
  }

  write(value: unknown, done?: () => void): boolean {
    const room = this.stream.write(this.method.responseSerialize(value as never));
    if (done) {
      if (this.stream.isDrained || this.stream.isEnded) queueMicrotask(done);
      else this.whenDrained.push(done);
    }
    return room;
  }

  end(): void {
    this.stream.end();
  }

  /** An emitted error is the call's status, as with @grpc/grpc-js. */
  override emit(event: string, ...values: unknown[]): boolean {
    if (event === 'error') {
      const { code, details } = values[0] as CallStatus;
      this.stream.fail(code ?? Status.UNKNOWN, details ?? '');
      return true;
    }
    return super.emit(event, ...values);
  }

  private readonly respond: Respond = (error, value) => {
    if (error) this.stream.fail((error as CallStatus).code ?? Status.UNKNOWN, (error as CallStatus).details ?? (error as Error).message ?? '');
    else this.stream.answer(this.method.responseSerialize(value as never));
  };

  private settleWrites(): void {
    if (this.whenDrained.length === 0) return;
    for (const done of this.whenDrained.splice(0)) done();
  }
}
