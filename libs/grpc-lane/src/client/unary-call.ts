import { CallError, Status } from '../grpc/status';
import { type CallLimits, type CallRegistry, LaneCall } from './lane-call';

export interface UnaryObserver {
  onResponse(response: Uint8Array): void;
  onError(error: CallError): void;
}

/** A call with one answer. */
export class UnaryCall extends LaneCall {
  private response: Buffer | undefined;

  constructor(
    headers: Buffer,
    request: Uint8Array,
    deadlineMs: number,
    limits: CallLimits,
    registry: CallRegistry,
    private readonly observer: UnaryObserver,
  ) {
    super(headers, request, deadlineMs, limits, registry);
  }

  protected message(message: Buffer): void {
    if (this.response) this.fail(new CallError(Status.INTERNAL, 'The peer sent a second answer to a unary call.'));
    else this.response = message;
  }

  protected consumed(bytes: number): void {
    this.sendCredit(this.creditFor(bytes));
  }

  protected finish(error: CallError | undefined): void {
    if (error) this.observer.onError(error);
    else if (this.response) this.observer.onResponse(this.response);
    else this.observer.onError(new CallError(Status.INTERNAL, 'The peer ended a unary call without an answer.'));
  }
}
