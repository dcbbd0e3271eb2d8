import type { AIStudioManagementServiceService } from '@sluice/contracts/ai-studio-management';
import type { MicrogatewayManagementServiceService } from '@sluice/contracts/microgateway-management';
import type { ControlChannel } from './control';
import type { EventBus } from './events';
import type { KeyValueStore } from './kv';
import type { Logger } from './logger';
import type { ServiceClient } from './service-client';

/** Every method of the Service API of the studio. */
export type StudioClient = ServiceClient<AIStudioManagementServiceService>;
/** Every method of the Service API of a gateway. */
export type GatewayClient = ServiceClient<MicrogatewayManagementServiceService>;

/** What a plugin may use of its host. Calls need the scopes that an administrator approved. */
export interface Services {
  readonly kv: KeyValueStore;
  readonly control: ControlChannel;
  readonly logger: Logger;
  readonly events: EventBus;
  /** Throws a sentence when the plugin does not run in the studio: ask `ctx.runtime` first. */
  readonly studio: StudioClient;
  /** Throws a sentence when the plugin does not run on a gateway: ask `ctx.runtime` first. */
  readonly gateway: GatewayClient;
}
