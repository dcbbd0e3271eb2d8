import { RedisEventTransport, type StudioClock } from '@sluice/edge-link';
import type { Logger } from 'pino';
import type { GatewayKeyring } from '../snapshot/gateway-keyring';

export interface EventLineOptions {
  redisUrl?: string;
  keyring: Pick<GatewayKeyring, 'eventKey'>;
  /** Both ends date events by the studio's clock. */
  clock: Pick<StudioClock, 'now'>;
  name: string;
  namespace: string;
}

/** Events of plugins to and from the studio. */
export class EventLine {
  /** None on a gateway without Redis. */
  readonly transport: RedisEventTransport | undefined;

  constructor({ redisUrl, keyring, clock, name, namespace }: EventLineOptions, logger: Logger) {
    if (redisUrl === undefined) return;
    this.transport = new RedisEventTransport({ redisUrl, key: () => keyring.eventKey, end: { plane: 'gateway', namespace }, name: `gateway ${name}`, now: () => clock.now(), logger });
  }

  start(): void {
    this.transport?.start();
  }

  async close(): Promise<void> {
    await this.transport?.close();
  }
}
