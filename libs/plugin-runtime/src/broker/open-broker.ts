import type { ClientDuplexStream } from '@grpc/grpc-js';
import type { ConnInfo } from '@sluice/contracts/go-plugin';
import type { Clock } from '@sluice/kernel';
import type { Logger } from 'pino';
import type { EventBus } from '../events/event-bus';
import { eventService } from '../events/event-service';
import type { BrokerIdentity } from './broker-identity';
import { BrokerServer, type BrokerService } from './broker-server';
import { ConnectionAnnouncer } from './connection-announcer';
import { guardHandler } from './guard-handler';
import type { ServiceApi } from './service-api';

/** One id, one server, for the life of the process: compiled plugins keep their first broker connection for ever. */
export const SERVICE_BROKER_ID = 1;

export interface BrokerOptions {
  socketPath: string;
  stream: ClientDuplexStream<ConnInfo, ConnInfo>;
  identity: BrokerIdentity;
  serviceApi: readonly ServiceApi[];
  events: EventBus;
  clock: Clock;
  logger: Logger;
}

/** How a plugin reaches its host. Announced once the plugin may use it. */
export interface Broker {
  announce(): void;
  close(): Promise<void>;
}

export async function openBroker({ socketPath, stream, identity, serviceApi, events, clock, logger }: BrokerOptions): Promise<Broker> {
  const announcer = new ConnectionAnnouncer(clock, () => {
    if (stream.writable) stream.write({ serviceId: SERVICE_BROKER_ID, network: 'unix', address: socketPath, knock: undefined });
  });
  const subscriptions = eventService({ identity, events, logger });
  const server = await BrokerServer.listen({
    socketPath,
    services: [...serviceApi.map((api) => guarded(api, identity, logger)), subscriptions],
    onConnect: () => announcer.connected(),
    onDisconnect: () => announcer.disconnected(),
  });
  return {
    announce: () => announcer.start(),
    close: async () => {
      announcer.stop();
      await server.close();
    },
  };
}

function guarded({ definition, handlers }: ServiceApi, identity: BrokerIdentity, logger: Logger): BrokerService {
  const implementation = Object.fromEntries(
    Object.entries(definition).map(([name, { path }]) => [name, guardHandler(path, handlers[name], () => identity.caller, logger)]),
  );
  return { definition, implementation };
}

/** A handler under a name that its service does not have would never be called; that is a mistake of the host's author. */
export function checkServiceApi(serviceApi: readonly ServiceApi[]): void {
  for (const { definition, handlers } of serviceApi) {
    const unknown = Object.keys(handlers).filter((name) => !Object.hasOwn(definition, name));
    if (unknown.length > 0) throw new Error(`No such method of the Service API: ${unknown.join(', ')}. Use the keys of the service definition.`);
  }
}
