import { Module, type DynamicModule, type FactoryProvider } from '@nestjs/common';
import type { Telemetry } from '@sluice/platform-telemetry';
import type { PluginHost } from '@sluice/plugin-runtime';
import type { Logger } from 'pino';
import type { GatewayConfig } from '../config';
import { type GatewayProcess, processProviders } from '../gateway.module';
import { GatewayServices } from '../gateway-services';
import { hostProviders } from '../host.providers';
import { Readiness } from '../http/readiness';
import { provide } from '../provide';
import { CurrentState } from '../snapshot/current-state';
import { SnapshotStore } from '../snapshot/disk/snapshot-store';
import { Enforcement } from '../snapshot/enforcement';
import { PluginChanges } from '../snapshot/plugin-changes';
import { SnapshotApplier } from '../snapshot/snapshot-applier';
import { StudioReports } from '../snapshot/studio-reports';
import { snapshotProviders } from '../snapshot.providers';
import { APPLIED_REPORTER, CONFIG, ENFORCED_STATE, LOGGER, PLUGIN_HOST, SNAPSHOT_CONSUMER, SNAPSHOT_KEEPER, TELEMETRY } from '../tokens';
import { EnforcedEverywhere } from './enforced-everywhere';
import { FeedingConsumer } from './feeding-consumer';
import { PluginRelays } from './plugin-relays';
import { PluginViews } from './plugin-views';
import { PrimaryLifecycle } from './primary-lifecycle';
import { SnapshotFeed } from './snapshot-feed';
import { WorkerAnswers } from './worker-answers';
import { WorkerPool } from './worker-pool';
import { forkWorker } from './worker-process';

/** A gateway without its HTTP edge, which is in the processes of its workers. */
@Module({})
export class PrimaryModule {
  static register(gateway: GatewayProcess): DynamicModule {
    return { module: PrimaryModule, providers: [...processProviders(gateway), ...hostProviders, ...snapshotProviders, ...fedSnapshots, ...workerProviders] };
  }
}

/** Whatever comes into force here goes on to the workers, and is reported when it is in force there. */
const fedSnapshots = [
  { provide: ENFORCED_STATE, useExisting: EnforcedEverywhere },
  { provide: SNAPSHOT_KEEPER, useExisting: SnapshotFeed },
  { provide: APPLIED_REPORTER, useExisting: SnapshotFeed },
  provide(EnforcedEverywhere, [], () => new EnforcedEverywhere()),
  provide(
    SnapshotFeed,
    [SnapshotStore, CurrentState, Enforcement, EnforcedEverywhere, StudioReports],
    (store: SnapshotStore, current: CurrentState, enforcement: Enforcement, everywhere: EnforcedEverywhere, reports: StudioReports) => new SnapshotFeed(store, current, enforcement, everywhere, reports),
  ),
  provide(SNAPSHOT_CONSUMER, [SnapshotApplier, SnapshotFeed, CONFIG], (applier: SnapshotApplier, feed: SnapshotFeed, { trust, identity: { namespace } }: GatewayConfig) => new FeedingConsumer(applier, feed, { ...trust, namespace })),
];

const workerProviders: FactoryProvider[] = [
  provide(PluginRelays, [CONFIG, LOGGER], ({ plugins: { runFolder }, endpoints: { streamTimeoutMs } }: GatewayConfig, logger: Logger) => new PluginRelays({ runFolder, streamTimeoutMs, logger })),
  provide(PluginViews, [PLUGIN_HOST, PluginRelays, PluginChanges, LOGGER, CONFIG], (host: PluginHost, relays: PluginRelays, changes: PluginChanges, logger: Logger, { workers }: GatewayConfig) => {
    const views = new PluginViews(host, relays, logger, workers.count);
    changes.listen(({ pluginId }) => views.look(pluginId));
    return views;
  }),
  provide(WorkerAnswers, [Readiness, TELEMETRY], (readiness: Readiness, telemetry: Telemetry) => new WorkerAnswers(readiness, telemetry)),
  provide(
    WorkerPool,
    [CONFIG, LOGGER, SnapshotFeed, PluginViews, EnforcedEverywhere, WorkerAnswers],
    ({ workers: { count } }: GatewayConfig, logger: Logger, feed: SnapshotFeed, views: PluginViews, everywhere: EnforcedEverywhere, answers: WorkerAnswers) => {
      const pool: WorkerPool = new WorkerPool({ count, fork: forkWorker, feed, views, everywhere, logger, answer: (question) => answers.answer(question, pool) });
      return pool;
    },
  ),
  provide(
    PrimaryLifecycle,
    [GatewayServices, WorkerPool, PluginRelays, Readiness, CONFIG],
    (services: GatewayServices, pool: WorkerPool, relays: PluginRelays, readiness: Readiness, { clients }: GatewayConfig) => new PrimaryLifecycle(services, pool, relays, readiness, clients),
  ),
];
