export interface PeerWatchOptions {
  /**
   * A peer with open calls that has been silent for so long is asked for a sign of life. Compiled Go plugins end connections on which PING comes
   * more often than every 5 minutes.
   */
  silenceMs: number;
  /** How long it may take to answer. */
  answerMs: number;
}

/** A connection, as far as its watch needs it. */
export interface WatchedConnection {
  readonly openStreams: number;
  /** Milliseconds of the clock of `performance.now()`. */
  readonly lastHeardMs: number;
  ping(): void;
  close(reason: string): void;
}

/** Finds out that a peer is gone although its connection is not. */
export class PeerWatch {
  private timer: NodeJS.Timeout;
  private askedAtMs = 0;
  private closed = false;

  constructor(
    private readonly connection: WatchedConnection,
    private readonly options: PeerWatchOptions,
  ) {
    this.timer = this.after(options.silenceMs);
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  private readonly look = (): void => {
    if (this.closed) return;
    const { connection, options } = this;
    const now = performance.now();
    if (this.askedAtMs > 0 && connection.lastHeardMs < this.askedAtMs) {
      connection.close(`The peer has not answered for ${Math.round((now - connection.lastHeardMs) / 1000)} s.`);
      return;
    }
    this.askedAtMs = 0;
    const silentMs = now - connection.lastHeardMs;
    if (connection.openStreams > 0 && silentMs >= options.silenceMs) {
      connection.ping();
      this.askedAtMs = now;
      this.timer = this.after(options.answerMs);
    } else {
      this.timer = this.after(connection.openStreams > 0 ? options.silenceMs - silentMs : options.silenceMs);
    }
  };

  private after(ms: number): NodeJS.Timeout {
    // Timers come before what has arrived: a process that was busy reads first, and then asks who was silent.
    return setTimeout(() => setImmediate(this.look), ms).unref();
  }
}
