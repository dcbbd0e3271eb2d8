import type { KeyObject } from 'node:crypto';
import { Module, type DynamicModule, type FactoryProvider } from '@nestjs/common';
import { systemClock } from '@sluice/kernel';
import type { Telemetry } from '@sluice/platform-telemetry';
import { createPluginHost, type PluginHost } from '@sluice/plugin-runtime';
import type { Logger } from 'pino';
import type { GatewayConfig } from './config';
import { Dispatcher } from './dispatch/dispatcher';
import { endpointProviders } from './endpoint.providers';
import { GatewayLifecycle } from './gateway-lifecycle';
import { GatewayServer } from './http/gateway-server';
import { HealthController } from './http/health.controller';
import { Readiness } from './http/readiness';
import { provide } from './provide';
import { AppQueries } from './service-api/app-queries';
import { KvStore } from './service-api/kv-store';
import { managementApi } from './service-api/management-api';
import { CurrentState } from './snapshot/current-state';
import { PluginChanges } from './snapshot/plugin-changes';
import { SnapshotApplier } from './snapshot/snapshot-applier';
import { SnapshotLink } from './snapshot/snapshot-link';
import { snapshotProviders } from './snapshot.providers';
import { CONFIG, IDENTITY_KEY, LOGGER, PLUGIN_HOST, TELEMETRY } from './tokens';

/** What has to be there before the module can be. */
export interface GatewayProcess {
  config: GatewayConfig;
  logger: Logger;
  telemetry: Telemetry;
  server: GatewayServer;
  identityKey: KeyObject;
}

/** Everything a gateway consists of. Libraries and handlers are plain classes; only here does Nest know them. */
@Module({})
export class GatewayModule {
  static register(gateway: GatewayProcess): DynamicModule {
    const values = [
      { provide: CONFIG, useValue: gateway.config },
      { provide: LOGGER, useValue: gateway.logger },
      { provide: TELEMETRY, useValue: gateway.telemetry },
      { provide: IDENTITY_KEY, useValue: gateway.identityKey },
      { provide: GatewayServer, useValue: gateway.server },
    ];
    return { module: GatewayModule, controllers: [HealthController], providers: [...values, ...hostProviders, ...snapshotProviders, ...endpointProviders, lifecycle] };
  }
}

const hostProviders: FactoryProvider[] = [
  provide(PluginChanges, [], () => new PluginChanges()),
  provide(KvStore, [CurrentState], (current: CurrentState) => {
    const kv = new KvStore(systemClock);
    current.onSwap((state) => kv.retain(new Set(state.plugins.map(({ id }) => id))));
    return kv;
  }),
  provide(PLUGIN_HOST, [CONFIG, LOGGER, KvStore, CurrentState, PluginChanges], (config: GatewayConfig, logger: Logger, kv: KvStore, current: CurrentState, changes: PluginChanges) =>
    createPluginHost({
      runtime: 'gateway',
      edgeId: config.identity.name,
      runDirectory: config.plugins.runFolder,
      serviceApi: [managementApi(kv, new AppQueries(current))],
      logger,
      onChange: changes.tell,
      onCrash: changes.tellCrash,
      drainTimeoutMs: config.endpoints.streamTimeoutMs,
      policy: config.pluginHost.policy,
    }),
  ),
];

const lifecycle = provide(
  GatewayLifecycle,
  [GatewayServer, Dispatcher, Readiness, SnapshotApplier, SnapshotLink, PLUGIN_HOST],
  (server: GatewayServer, dispatcher: Dispatcher, readiness: Readiness, applier: SnapshotApplier, link: SnapshotLink, plugins: PluginHost) =>
    new GatewayLifecycle(server, dispatcher, readiness, applier, link, plugins),
);
