/** Does things of the same name one after the other, and things of different names side by side. */
export class KeyedQueue {
  private readonly tails = new Map<string, Promise<void>>();

  run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const result = (this.tails.get(name) ?? Promise.resolve()).then(work);
    const tail: Promise<void> = result.then(
      () => this.forget(name, tail),
      () => this.forget(name, tail),
    );
    this.tails.set(name, tail);
    return result;
  }

  isBusy(name: string): boolean {
    return this.tails.has(name);
  }

  private forget(name: string, tail: Promise<void>): void {
    if (this.tails.get(name) === tail) this.tails.delete(name);
  }
}
