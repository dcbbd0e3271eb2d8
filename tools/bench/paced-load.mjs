/** How long a turn may sleep: as exact as a latency is. */
const longestSleepMs = 0.1;
const asleep = new Int32Array(new SharedArrayBuffer(4));

/**
 * Requests at a rate, whatever the answers take: each begins at its time, and waits in a queue where no connection is free. Timers of Node are exact
 * to a millisecond, so the turns of the event loop are paced by sleeping instead.
 */
export class PacedLoad {
  #idle;
  #waiting = [];
  #intervalMs;
  #nextAt = performance.now();
  #stopped = false;

  constructor(connections, requestsPerSecond) {
    this.#idle = [...connections];
    this.#intervalMs = 1000 / requestsPerSecond;
    this.#turn();
  }

  /** The connection has its answer. */
  free(connection) {
    const startedAt = this.#waiting.shift();
    if (startedAt === undefined) this.#idle.push(connection);
    else connection.send(startedAt);
  }

  stop() {
    this.#stopped = true;
  }

  #turn() {
    if (this.#stopped) return;
    const now = performance.now();
    for (; this.#nextAt <= now; this.#nextAt += this.#intervalMs) this.#begin(this.#nextAt);
    const sleepMs = Math.min(this.#nextAt - performance.now(), longestSleepMs);
    if (sleepMs > 0) Atomics.wait(asleep, 0, 0, sleepMs);
    setImmediate(() => this.#turn());
  }

  #begin(startedAt) {
    const connection = this.#idle.pop();
    if (connection === undefined) this.#waiting.push(startedAt);
    else connection.send(startedAt);
  }
}
