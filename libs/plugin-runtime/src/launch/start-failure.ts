import type { ProcessExit } from '../process/plugin-process';

/** A plugin did not become ready. `message` is one sentence for a person. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';

  constructor(
    message: string,
    /** How the process ended, where it ended by itself. */
    readonly exit: ProcessExit | null = null,
    /** It may be over by itself, with nothing of the plugin changed: its registry is away. */
    readonly passing: boolean = false,
  ) {
    super(message);
  }
}
