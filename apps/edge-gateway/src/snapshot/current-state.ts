import type { GatewayState } from './gateway-state';

/** The one pointer to the configuration in force. */
export class CurrentState {
  private state: GatewayState | undefined;
  private readonly listeners: ((state: GatewayState) => void)[] = [];

  /** Undefined until the first snapshot is applied. */
  get(): GatewayState | undefined {
    return this.state;
  }

  /** From here on every new request sees `state`. */
  swap(state: GatewayState): void {
    this.state = state;
    for (const listener of this.listeners) listener(state);
  }

  /** Called right after each swap. */
  onSwap(listener: (state: GatewayState) => void): void {
    this.listeners.push(listener);
  }
}
