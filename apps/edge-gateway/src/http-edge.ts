import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatcher } from './dispatch/dispatcher';
import type { GatewayServer } from './http/gateway-server';

export interface LeaveTimes {
  /** New connections are still taken for so long after readiness is off. */
  shutdownDelayMs: number;
  /** What is in progress may go on for so long. */
  drainTimeoutMs: number;
}

/** The traffic of clients, from its beginning to its end. */
export class HttpEdge {
  constructor(
    private readonly server: GatewayServer,
    private readonly dispatcher: Dispatcher,
    private readonly times: LeaveTimes,
  ) {}

  open(): void {
    this.server.serve(this.dispatcher);
  }

  /** Sees every client off. Readiness is off already. */
  async leave(): Promise<void> {
    const { shutdownDelayMs, drainTimeoutMs } = this.times;
    this.server.retire();
    await sleep(shutdownDelayMs);
    // Half of the time for streams to end by themselves, and half for their clients to go elsewhere.
    const timer = setTimeout(() => void this.dispatcher.endEventStreams(), drainTimeoutMs / 2);
    await this.server.drain(drainTimeoutMs);
    clearTimeout(timer);
  }
}
