import { PluginEventServiceService } from '@sluice/contracts/plugin-events';
import type { ServicesConnection } from '../broker/services-connection';
import type { Runtime } from '../context/runtime';
import { type ControlChannel, HostControlChannel } from './control';
import { HostEventBus } from './events';
import { HostKeyValueStore, type KeyValueStore } from './kv';
import type { Logger } from './logger';
import { serviceClient } from './service-client';
import type { GatewayClient, Services, StudioClient } from './services';

/** The client of the runtime that the process is in; the other one is never loaded. */
export type RuntimeClient = { runtime: 'studio'; client: StudioClient } | { runtime: 'gateway'; client: GatewayClient };

/** Loads the definitions of one Service API: the studio's are far larger than everything else together. */
export async function loadRuntimeClient(runtime: Runtime, connection: ServicesConnection, pluginId: () => number): Promise<RuntimeClient> {
  const connect = () => connection.client();
  if (runtime === 'studio') {
    const { default: contract } = await import('@sluice/contracts/ai-studio-management');
    return { runtime, client: serviceClient(contract.AIStudioManagementServiceService, connect, pluginId) };
  }
  const { default: contract } = await import('@sluice/contracts/microgateway-management');
  return { runtime, client: serviceClient(contract.MicrogatewayManagementServiceService, connect, pluginId) };
}

export class HostServices implements Services {
  readonly kv: KeyValueStore;
  readonly control: ControlChannel;
  readonly events: HostEventBus;

  constructor(
    private readonly host: RuntimeClient,
    readonly logger: Logger,
    connection: ServicesConnection,
    pluginId: () => number,
  ) {
    this.kv = new HostKeyValueStore(() => host.client);
    this.control = new HostControlChannel(() => this.gateway);
    const eventCalls = serviceClient(PluginEventServiceService, () => connection.client(), pluginId);
    this.events = new HostEventBus(() => eventCalls, pluginId, logger);
  }

  get studio(): StudioClient {
    if (this.host.runtime === 'studio') return this.host.client;
    throw new Error('ctx.services.studio exists in the studio only, and this plugin runs on a gateway. Ask ctx.runtime first.');
  }

  get gateway(): GatewayClient {
    if (this.host.runtime === 'gateway') return this.host.client;
    throw new Error('ctx.services.gateway exists on a gateway only, and this plugin runs in the studio. Ask ctx.runtime first.');
  }
}
