import { setTimeout as sleep } from 'node:timers/promises';
import type { CurrentState } from '../snapshot/current-state';
import type { GatewayState } from '../snapshot/gateway-state';

/** A stream that was admitted with a token. */
export interface AdmittedStream {
  readonly tokenHash: string;
  revoke(): void;
}

/** A stream of events, which its client asks for anew when it ends. */
export interface EventStream {
  /** Ends it as if it were complete, behind the event that is being written. */
  endEvents(): void;
}

/** How many are ended at once, and how far apart: their clients all come back to the gateways that remain. */
const ENDED_AT_ONCE = 50;
const APART_MS = 10;

/** The streams that somebody may want to end: with their token, or with the gateway. */
export class OpenStreams {
  private readonly admitted = new Set<AdmittedStream>();
  private readonly events = new Set<EventStream>();

  constructor(
    current: CurrentState,
    private readonly now: () => number,
  ) {
    current.onSwap((state) => this.check(state));
  }

  add(stream: AdmittedStream): void {
    this.admitted.add(stream);
  }

  addEvents(stream: EventStream): void {
    this.events.add(stream);
  }

  remove(stream: AdmittedStream & EventStream): void {
    this.admitted.delete(stream);
    this.events.delete(stream);
  }

  async endEventStreams(): Promise<void> {
    const streams = [...this.events];
    for (let first = 0; first < streams.length; first += ENDED_AT_ONCE) {
      for (const stream of streams.slice(first, first + ENDED_AT_ONCE)) if (this.events.has(stream)) stream.endEvents();
      await sleep(APART_MS);
    }
  }

  private check(state: GatewayState): void {
    for (const stream of this.admitted) if (!state.usableToken(stream.tokenHash, this.now())) stream.revoke();
  }
}
