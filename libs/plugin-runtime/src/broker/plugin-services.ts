import type { Logger } from 'pino';
import type { EventBus } from '../events/event-bus';
import { eventService } from '../events/event-service';
import type { BrokerIdentity } from './broker-identity';
import type { BrokerService } from './broker-server';
import type { CallGate } from './call-gate';
import { gatedService, guardedService } from './gated-service';
import type { ServiceApi } from './service-api';

export interface PluginServicesOptions {
  serviceApi: readonly ServiceApi[];
  gate: CallGate;
  events: EventBus;
}

/** Everything that one plugin process may call on its host: the Service API in its order, then events. */
export function pluginServices({ serviceApi, gate, events }: PluginServicesOptions, identity: BrokerIdentity, logger: Logger): BrokerService[] {
  const caller = () => identity.caller;
  return [...serviceApi.map((api) => guardedService(api, caller, gate, logger)), gatedService(eventService({ identity, events, logger }), caller, gate, logger)];
}
