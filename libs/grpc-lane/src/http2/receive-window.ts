import { ConnectionError, ErrorCode } from './error-code';

/**
 * What a peer may still send, of one stream or of the connection (RFC 9113, section 5.2). Credit is given back in large pieces: a
 * WINDOW_UPDATE for every frame would double the frames.
 */
export class ReceiveWindow {
  private available: number;
  private owed = 0;

  constructor(private readonly size: number) {
    this.available = size;
  }

  /** @throws ConnectionError when the peer sends more than it may. */
  receive(bytes: number): void {
    this.available -= bytes;
    if (this.available < 0) throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, `The peer sent ${-this.available} bytes more than the window has.`);
  }

  /** @returns how much to give back now; 0 while it is too little to be worth a frame. */
  consume(bytes: number): number {
    this.owed += bytes;
    if (this.owed * 2 < this.size) return 0;
    const credit = this.owed;
    this.owed = 0;
    this.available += credit;
    return credit;
  }
}
