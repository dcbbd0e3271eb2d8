import type { ExistingProvider, FactoryProvider } from '@nestjs/common';
import { type SnapshotConsumer, StudioClock } from '@sluice/edge-link';
import { systemClock } from '@sluice/kernel';
import type { PluginHost } from '@sluice/plugin-runtime';
import type { Logger } from 'pino';
import type { GatewayConfig } from './config';
import { Readiness } from './http/readiness';
import { PluginStorage } from './plugin-data/plugin-storage';
import { provide } from './provide';
import { APPLIED_REPORTER, CONFIG, ENFORCED_STATE, IDENTITY, LOGGER, PLUGIN_HOST, SNAPSHOT_CONSUMER, SNAPSHOT_KEEPER } from './tokens';
import { VERSION } from './version';
import { CurrentState } from './snapshot/current-state';
import { Freshness } from './snapshot/freshness';
import { GatewayKeyring } from './snapshot/gateway-keyring';
import type { GatewayIdentity } from './snapshot/identity-key';
import { PluginChanges } from './snapshot/plugin-changes';
import { PluginFleet } from './snapshot/plugin-fleet';
import { SnapshotApplier } from './snapshot/snapshot-applier';
import { SnapshotLink } from './snapshot/snapshot-link';
import { SnapshotMetrics } from './snapshot/snapshot-metrics';
import { SnapshotStore } from './snapshot/disk/snapshot-store';
import { Enforcement } from './snapshot/enforcement';
import { RefusalReports } from './snapshot/refusal-reports';
import { RevokedTokens } from './snapshot/revoked-tokens';
import type { SnapshotReporter } from './snapshot/snapshot-reporter';
import { StoredStart } from './snapshot/stored-start';
import { StudioReports } from './snapshot/studio-reports';

/** What of the configuration is in force wherever requests are answered. */
type EnforcedState = Pick<CurrentState, 'get'>;

/** In a gateway that is one process, nothing is in between. */
export const directSnapshots: ExistingProvider[] = [
  { provide: ENFORCED_STATE, useExisting: CurrentState },
  { provide: SNAPSHOT_CONSUMER, useExisting: SnapshotApplier },
  { provide: SNAPSHOT_KEEPER, useExisting: SnapshotStore },
  { provide: APPLIED_REPORTER, useExisting: StudioReports },
];

/** The way of a snapshot, from the network or the disk to the pointer, and what is said about it. */
export const snapshotProviders: FactoryProvider[] = [
  provide(CurrentState, [], () => new CurrentState()),
  provide(StudioClock, [], () => new StudioClock()),
  provide(GatewayKeyring, [CONFIG, IDENTITY], ({ identity: { namespace }, trust: { shared } }: GatewayConfig, { sealingKey }: GatewayIdentity) => new GatewayKeyring({ namespace, sealingKey, shared })),
  provide(Freshness, [CurrentState], (current: CurrentState) => new Freshness(current, systemClock)),
  provide(PluginFleet, [PLUGIN_HOST, LOGGER, CONFIG], (host: PluginHost, logger: Logger, config: GatewayConfig) => new PluginFleet(host, systemClock, logger, config.pluginHost.policy)),
  provide(SnapshotStore, [CONFIG, LOGGER, SnapshotMetrics], (config: GatewayConfig, logger: Logger, metrics: SnapshotMetrics) =>
    new SnapshotStore(config.identity.stateFolder, systemClock, (error) => {
      metrics.storeFailed();
      logger.error({ event: 'snapshot.store_failed', err: error }, 'a snapshot cannot be kept on disk; trying on');
    }),
  ),
  provide(
    SnapshotMetrics,
    [CurrentState, ENFORCED_STATE, Freshness, PluginFleet],
    (current: CurrentState, enforced: EnforcedState, freshness: Freshness, fleet: PluginFleet) => new SnapshotMetrics(current, enforced, freshness, fleet),
  ),
  provide(
    StudioReports,
    [ENFORCED_STATE, PluginFleet, SnapshotMetrics, PluginChanges],
    (current: EnforcedState, fleet: PluginFleet, metrics: SnapshotMetrics, changes: PluginChanges) => {
      const reports = new StudioReports(current, fleet, metrics, systemClock);
      changes.listen(() => reports.pluginChanged());
      changes.listenToCrashes((card) => reports.pluginCrashed(card));
      return reports;
    },
  ),
  provide(RevokedTokens, [], () => new RevokedTokens()),
  provide(RefusalReports, [StudioReports, LOGGER], (reports: StudioReports, logger: Logger) => new RefusalReports(reports, logger)),
  provide(
    Enforcement,
    [LOGGER, GatewayKeyring, CurrentState, PluginFleet, RevokedTokens],
    (logger: Logger, keyring: GatewayKeyring, current: CurrentState, fleet: PluginFleet, revoked: RevokedTokens) =>
      new Enforcement(keyring, current, fleet, revoked, systemClock, logger),
  ),
  provide(
    StoredStart,
    [CONFIG, LOGGER, GatewayKeyring, Enforcement, SNAPSHOT_KEEPER, RefusalReports, APPLIED_REPORTER],
    (config: GatewayConfig, logger: Logger, keyring: GatewayKeyring, enforcement: Enforcement, store: SnapshotStore, refusals: RefusalReports, reports: Pick<SnapshotReporter, 'applied'>) =>
      new StoredStart({ ...config.trust, namespace: config.identity.namespace }, keyring, enforcement, store, refusals, reports, logger),
  ),
  provide(
    SnapshotApplier,
    [CONFIG, LOGGER, Enforcement, RevokedTokens, SNAPSHOT_KEEPER, RefusalReports, APPLIED_REPORTER],
    (config: GatewayConfig, logger: Logger, enforcement: Enforcement, revoked: RevokedTokens, store: SnapshotStore, refusals: RefusalReports, reports: Pick<SnapshotReporter, 'applied'>) =>
      new SnapshotApplier({ ...config.trust, namespace: config.identity.namespace }, enforcement, revoked, store, refusals, reports, logger),
  ),
  provide(
    SnapshotLink,
    [CONFIG, LOGGER, IDENTITY, StudioClock, SNAPSHOT_CONSUMER, CurrentState, Freshness, StudioReports, PluginStorage],
    (config: GatewayConfig, logger: Logger, identity: GatewayIdentity, clock: StudioClock, consumer: SnapshotConsumer, current: CurrentState, freshness: Freshness, reports: StudioReports, storage: PluginStorage) =>
      new SnapshotLink({ ...config.link, name: config.identity.name, namespace: config.identity.namespace, version: VERSION }, identity, clock, consumer, current, freshness, reports, logger, storage.crashCards),
  ),
  provide(Readiness, [ENFORCED_STATE, PluginFleet, Freshness], (current: EnforcedState, fleet: PluginFleet, freshness: Freshness) => new Readiness(current, fleet, freshness)),
];
