import { ConnectionError, ErrorCode } from './error-code';

/**
 * What frames cost that bring a call no further (RFC 9113, section 10.5), in thousandths of what a peer may cost in a second. A peer has
 * few SETTINGS to say, but may cancel as many calls as it begins, and grpc-go sends a PING with nearly every read to learn how far away
 * this side is.
 */
export const Cost = {
  /** Each may change the window of every open stream. */
  SETTINGS: 10,
  PING: 0.01,
  /** A stream that was begun, and ended before its answer. */
  RESET: 0.02,
  /** DATA that neither brings bytes nor ends a stream. */
  EMPTY_DATA: 0.02,
} as const;

const PER_SECOND = 1_000;

/** A peer that keeps this side busy with nothing is sent away: a bucket of one second's cost, filled as time passes. */
export class Calm {
  private left = PER_SECOND;
  private filledAtMs = 0;

  /** @param nowMs of any clock that only goes forward. @throws ConnectionError when the peer has cost too much. */
  spend(cost: number, nowMs: number): void {
    this.left = Math.min(PER_SECOND, this.left + ((nowMs - this.filledAtMs) * PER_SECOND) / 1_000) - cost;
    this.filledAtMs = nowMs;
    if (this.left < 0) throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, 'The peer sends too many frames that bring no call further.');
  }
}
