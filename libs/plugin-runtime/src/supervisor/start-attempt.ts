import type { GenerationRequest, GenerationStarter, RunningGeneration } from '../generation/generation';

/** One start of one generation, from the moment it is decided until it serves, fails, or is given up. */
export class StartAttempt {
  private readonly abort = new AbortController();
  /** Resolves when the start is over, however it went, and nothing runs that it does not hand over. */
  readonly finished: Promise<void>;
  private givenUp = false;

  constructor(
    readonly request: Omit<GenerationRequest, 'signal'>,
    starter: GenerationStarter,
    /** What has to be gone before this one may begin. */
    after: Promise<void>,
    outcome: { ready(generation: RunningGeneration): void; failed(error: unknown): void },
    /** When it was decided, in milliseconds since the Unix epoch. */
    readonly since: number,
  ) {
    this.finished = after.then(() => this.run(starter, outcome));
  }

  giveUp(): void {
    this.givenUp = true;
    this.abort.abort(new Error('The start was superseded.'));
  }

  private async run(starter: GenerationStarter, outcome: { ready(generation: RunningGeneration): void; failed(error: unknown): void }): Promise<void> {
    if (this.givenUp) return;
    let generation: RunningGeneration;
    try {
      generation = await starter.start({ ...this.request, signal: this.abort.signal });
    } catch (error) {
      if (!this.givenUp) outcome.failed(error);
      return;
    }
    if (this.givenUp) await generation.end('unload');
    else outcome.ready(generation);
  }
}
