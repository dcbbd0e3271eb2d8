import { Module, type DynamicModule, type FactoryProvider } from '@nestjs/common';
import { StudioClock } from '@sluice/edge-link';
import { systemClock } from '@sluice/kernel';
import type { Telemetry } from '@sluice/platform-telemetry';
import { createPluginHost, type PluginHost, registryOptions } from '@sluice/plugin-runtime';
import type { Logger } from 'pino';
import type { GatewayConfig } from './config';
import { Dispatcher } from './dispatch/dispatcher';
import { endpointProviders } from './endpoint.providers';
import { EventLine } from './events/event-line';
import { GatewayLifecycle } from './gateway-lifecycle';
import { GatewayServer } from './http/gateway-server';
import { HealthController } from './http/health.controller';
import { Readiness } from './http/readiness';
import { PLATFORM } from './platform';
import { PluginPrograms } from './plugin-programs';
import { provide } from './provide';
import { PluginStorage } from './plugin-data/plugin-storage';
import { AppQueries } from './service-api/app-queries';
import { ControlPayloads } from './service-api/control-payloads';
import { managementApi } from './service-api/management-api';
import { RefusedCallReports } from './service-api/refused-call-reports';
import { StudioMail } from './service-api/studio-mail';
import { CurrentState } from './snapshot/current-state';
import { GatewayKeyring } from './snapshot/gateway-keyring';
import type { GatewayIdentity } from './snapshot/identity-key';
import { PluginChanges } from './snapshot/plugin-changes';
import { SnapshotLink } from './snapshot/snapshot-link';
import { StoredStart } from './snapshot/stored-start';
import { snapshotProviders } from './snapshot.providers';
import { CONFIG, IDENTITY, LOGGER, PLUGIN_HOST, TELEMETRY } from './tokens';

/** What has to be there before the module can be. */
export interface GatewayProcess {
  config: GatewayConfig;
  logger: Logger;
  telemetry: Telemetry;
  server: GatewayServer;
  identity: GatewayIdentity;
}

/** Everything a gateway consists of. Libraries and handlers are plain classes; only here does Nest know them. */
@Module({})
export class GatewayModule {
  static register(gateway: GatewayProcess): DynamicModule {
    const values = [
      { provide: CONFIG, useValue: gateway.config },
      { provide: LOGGER, useValue: gateway.logger },
      { provide: TELEMETRY, useValue: gateway.telemetry },
      { provide: IDENTITY, useValue: gateway.identity },
      { provide: GatewayServer, useValue: gateway.server },
    ];
    return { module: GatewayModule, controllers: [HealthController], providers: [...values, ...hostProviders, ...snapshotProviders, ...endpointProviders, lifecycle] };
  }
}

const hostProviders: FactoryProvider[] = [
  provide(PluginChanges, [], () => new PluginChanges()),
  provide(PluginStorage, [CONFIG, LOGGER, CurrentState], async (config: GatewayConfig, logger: Logger, current: CurrentState) => {
    const storage = await PluginStorage.open({ ...config.plugins, stateFolder: config.identity.stateFolder }, systemClock, logger);
    current.onSwap((state) => void storage.follow(new Set(state.plugins.map(({ id }) => id))));
    return storage;
  }),
  provide(RefusedCallReports, [PluginStorage, StudioClock], (storage: PluginStorage, clock: StudioClock) => new RefusedCallReports(clock, storage.refusedCalls)),
  provide(
    StudioMail,
    [LOGGER, SnapshotLink, PluginStorage, RefusedCallReports],
    (logger: Logger, link: SnapshotLink, storage: PluginStorage, refused: RefusedCallReports) => new StudioMail(link.studioLine, storage.outbox, refused, logger),
  ),
  provide(EventLine, [CONFIG, LOGGER, GatewayKeyring, StudioClock], (config: GatewayConfig, logger: Logger, keyring: GatewayKeyring, clock: StudioClock) => new EventLine({ ...config.identity, ...config.link, keyring, clock }, logger)),
  provide(PluginPrograms, [CONFIG, LOGGER], (config: GatewayConfig, logger: Logger) => new PluginPrograms(registryOptions(config.pluginHost, logger))),
  provide(
    PLUGIN_HOST,
    [CONFIG, LOGGER, PluginStorage, CurrentState, PluginChanges, EventLine, PluginPrograms, RefusedCallReports],
    (config: GatewayConfig, logger: Logger, storage: PluginStorage, current: CurrentState, changes: PluginChanges, events: EventLine, programs: PluginPrograms, refused: RefusedCallReports) =>
      createPluginHost({
        runtime: 'gateway',
        edgeId: config.identity.name,
        runDirectory: config.plugins.runFolder,
        onRefusedCall: refused.add,
        serviceApiLimits: config.pluginHost.serviceApiLimits,
        serviceApi: [managementApi(storage.kv, new AppQueries(current), new ControlPayloads(storage.outbox, config.link.studioGrpcUrl !== undefined))],
        logger,
        eventTransport: events.transport,
        onChange: changes.tell,
        onCrash: changes.tellCrash,
        drainTimeoutMs: config.endpoints.streamTimeoutMs,
        policy: config.pluginHost.policy,
        reverse: config.pluginHost.reverse,
        programs,
        platform: PLATFORM,
      }),
  ),
];

const lifecycle = provide(
  GatewayLifecycle,
  [GatewayServer, Dispatcher, Readiness, StoredStart, SnapshotLink, PLUGIN_HOST, PluginStorage, EventLine, StudioMail, CONFIG],
  (server: GatewayServer, dispatcher: Dispatcher, readiness: Readiness, stored: StoredStart, link: SnapshotLink, plugins: PluginHost, storage: PluginStorage, events: EventLine, mail: StudioMail, config: GatewayConfig) =>
    new GatewayLifecycle(server, dispatcher, readiness, stored, link, plugins, storage, events, mail, config.clients),
);
