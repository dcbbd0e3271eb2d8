interface Task {
  work(): Promise<unknown>;
  begin(outcome: Promise<unknown>): void;
}

/** Does what was added in its order, a few things at a time, for tests that wait more than they work. */
export class TaskPool {
  private readonly waiting: Task[] = [];
  private workers: Promise<unknown> = Promise.resolve();

  constructor(private readonly sideBySide: number) {}

  /** The result waits for what became of the work, which begins after `start`. */
  add<T>(work: () => Promise<T>): () => Promise<T> {
    let begin: Task['begin'] = () => undefined;
    const outcome = new Promise<T>((resolve) => (begin = resolve as Task['begin']));
    // Whoever asks for it is told of a failure; one that nobody asks for is none.
    outcome.catch(() => undefined);
    this.waiting.push({ work, begin });
    return () => outcome;
  }

  start(): void {
    this.workers = Promise.all(Array.from({ length: this.sideBySide }, () => this.work()));
  }

  /** Resolves when everything is done. */
  async idle(): Promise<void> {
    await this.workers;
  }

  /** Begins nothing more, and waits for what has begun. */
  async end(): Promise<void> {
    this.waiting.length = 0;
    await this.workers;
  }

  private async work(): Promise<void> {
    for (let task = this.waiting.shift(); task; task = this.waiting.shift()) {
      const outcome = task.work();
      task.begin(outcome);
      await outcome.catch(() => undefined);
    }
  }
}
