import type { ClientDuplexStream, ServerCredentials } from '@grpc/grpc-js';
import type { ConnInfo } from '@sluice/contracts/go-plugin';
import type { Clock } from '@sluice/kernel';
import type { Logger } from 'pino';
import type { EventBus } from '../events/event-bus';
import type { BrokerIdentity } from './broker-identity';
import { BrokerServer } from './broker-server';
import type { CallGate } from './call-gate';
import { ConnectionAnnouncer } from './connection-announcer';
import { pluginServices } from './plugin-services';
import type { ServiceApi } from './service-api';

/** One id, one server, for the life of the process: compiled plugins keep their first broker connection for ever. */
export const SERVICE_BROKER_ID = 1;

export interface BrokerOptions {
  socketPath: string;
  stream: ClientDuplexStream<ConnInfo, ConnInfo>;
  credentials?: ServerCredentials;
  identity: BrokerIdentity;
  serviceApi: readonly ServiceApi[];
  gate: CallGate;
  events: EventBus;
  clock: Clock;
  logger: Logger;
}

/** How a plugin reaches its host. Announced once the plugin may use it. */
export interface Broker {
  announce(): void;
  close(): Promise<void>;
}

export async function openBroker({ socketPath, stream, credentials, identity, serviceApi, gate, events, clock, logger }: BrokerOptions): Promise<Broker> {
  const announcer = new ConnectionAnnouncer(clock, () => {
    if (stream.writable) stream.write({ serviceId: SERVICE_BROKER_ID, network: 'unix', address: socketPath, knock: undefined });
  });
  const server = await BrokerServer.listen({
    at: socketPath,
    credentials,
    services: pluginServices({ serviceApi, gate, events }, identity, logger),
    onConnect: () => undefined,
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

/** A handler under a name that its service does not have, or that is answered by a stream, would never be called; that is a mistake of the host's author. */
export function checkServiceApi(serviceApi: readonly ServiceApi[]): void {
  for (const { definition, handlers } of serviceApi) {
    const unknown = Object.keys(handlers).filter((name) => !Object.hasOwn(definition, name));
    if (unknown.length > 0) throw new Error(`No such method of the Service API: ${unknown.join(', ')}. Use the keys of the service definition.`);
    const streams = Object.keys(handlers).filter((name) => definition[name]?.responseStream);
    if (streams.length > 0) throw new Error(`Answered by a stream, and a handler gives one answer: ${streams.join(', ')}.`);
  }
}
