import type { Redis } from 'ioredis';

/**
 * Ends a connection on which more arrives than was asked for: a reply is kept in memory until it is whole, and whoever can write to
 * Redis decides how long it is.
 */
export class ByteGuard {
  private received = 0;
  private asked = 0;
  private outstanding = 0;

  constructor(
    private readonly redis: Redis,
    /** What may arrive beyond what was asked for. */
    private readonly slack: number,
    private readonly onExceeded: () => void,
  ) {
    redis.on('connect', () => this.watch());
  }

  /** This much more may arrive. Give what comes back how much of it did. */
  ask(bytes: number): (arrived: number) => void {
    this.asked += bytes;
    this.outstanding++;
    return (arrived) => {
      this.asked -= bytes;
      this.received = --this.outstanding === 0 ? 0 : Math.max(0, this.received - arrived);
    };
  }

  /** What arrived so far was in order. */
  reset(): void {
    this.received = 0;
  }

  private watch(): void {
    this.received = 0;
    const { stream } = this.redis;
    stream.on('data', (data: Buffer) => {
      this.received += data.length;
      if (this.received <= this.asked + this.slack) return;
      this.onExceeded();
      // What came goes with the socket.
      stream.destroy();
    });
  }
}
