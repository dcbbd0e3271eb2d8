interface Count {
  calls: number;
  streams: number;
}

/** The calls to one generation that other processes of its host make, as these report them. */
export class OutsideCalls {
  private readonly callers = new Map<number, Count>();
  private readonly waiting: (() => void)[] = [];

  /** `caller` may call the generation until it releases it, and is waited for so long, whatever it has reported. */
  hold(caller: number): void {
    if (!this.callers.has(caller)) this.callers.set(caller, { calls: 0, streams: 0 });
  }

  /** `streams` are those of the `calls` that are answered by a stream. Of a caller that holds nothing it is not heard. */
  report(caller: number, calls: number, streams: number): void {
    if (this.callers.has(caller)) this.callers.set(caller, { calls, streams });
  }

  /** None of its calls is left, and there will be none. */
  release(caller: number): void {
    this.callers.delete(caller);
    if (!this.isHeld) for (const resolve of this.waiting.splice(0)) resolve();
  }

  /** Resolves when nobody holds it. */
  released(): Promise<void> {
    return this.isHeld ? new Promise((resolve) => this.waiting.push(resolve)) : Promise.resolve();
  }

  get isHeld(): boolean {
    return this.callers.size > 0;
  }

  get activeCalls(): number {
    return this.sum('calls');
  }

  get activeStreams(): number {
    return this.sum('streams');
  }

  private sum(what: keyof Count): number {
    let sum = 0;
    for (const count of this.callers.values()) sum += count[what];
    return sum;
  }
}
