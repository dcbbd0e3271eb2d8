import type { CurrentState } from '../snapshot/current-state';
import type { GatewayState } from '../snapshot/gateway-state';

/** A stream that was admitted with a token. */
export interface AdmittedStream {
  readonly tokenHash: string;
  revoke(): void;
}

/** The streams that hang on a token. A token that is taken back takes its streams with it. */
export class OpenStreams {
  private readonly streams = new Set<AdmittedStream>();

  constructor(
    current: CurrentState,
    private readonly now: () => number,
  ) {
    current.onSwap((state) => this.check(state));
  }

  add(stream: AdmittedStream): void {
    this.streams.add(stream);
  }

  remove(stream: AdmittedStream): void {
    this.streams.delete(stream);
  }

  private check(state: GatewayState): void {
    for (const stream of this.streams) if (!state.usableToken(stream.tokenHash, this.now())) stream.revoke();
  }
}
