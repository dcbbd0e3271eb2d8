import type { FactoryProvider } from '@nestjs/common';
import { StudioClock } from '@sluice/edge-link';
import { systemClock } from '@sluice/kernel';
import { createPluginHost, type PluginHost, registryOptions } from '@sluice/plugin-runtime';
import type { Logger } from 'pino';
import type { GatewayConfig } from './config';
import { EventLine } from './events/event-line';
import { GatewayServices } from './gateway-services';
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
import { PluginChanges } from './snapshot/plugin-changes';
import { SnapshotLink } from './snapshot/snapshot-link';
import { StoredStart } from './snapshot/stored-start';
import { CONFIG, LOGGER, PLUGIN_HOST } from './tokens';

/** The host of the plugins, and what they may ask of it. */
export const hostProviders: FactoryProvider[] = [
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
  provide(
    GatewayServices,
    [StoredStart, SnapshotLink, PLUGIN_HOST, PluginStorage, EventLine, StudioMail],
    (stored: StoredStart, link: SnapshotLink, plugins: PluginHost, storage: PluginStorage, events: EventLine, mail: StudioMail) => new GatewayServices(stored, link, plugins, storage, events, mail),
  ),
];
