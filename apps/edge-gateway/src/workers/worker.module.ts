import { Module, type DynamicModule } from '@nestjs/common';
import { systemClock } from '@sluice/kernel';
import type { Logger } from 'pino';
import type { GatewayConfig } from '../config';
import { endpointProviders } from '../endpoint.providers';
import { processProviders, type ServingProcess } from '../gateway.module';
import { HttpEdge } from '../http-edge';
import { GatewayServer } from '../http/gateway-server';
import { HealthController } from '../http/health.controller';
import { provide } from '../provide';
import { CurrentState } from '../snapshot/current-state';
import { Enforcement } from '../snapshot/enforcement';
import { GatewayKeyring } from '../snapshot/gateway-keyring';
import type { GatewayIdentity } from '../snapshot/identity-key';
import { RefusalReports } from '../snapshot/refusal-reports';
import { RevokedTokens } from '../snapshot/revoked-tokens';
import { SnapshotApplier } from '../snapshot/snapshot-applier';
import { CONFIG, ENDPOINT_PLUGINS, HEALTH, IDENTITY, LOGGER } from '../tokens';
import { PrimaryHealth } from './primary-health';
import { PrimaryLine, type WorkerDuties } from './primary-line';
import { SharedPlugins } from './shared-plugins';
import type { ToPrimary } from './messages';
import type { Port } from './peer';
import { WorkerLifecycle } from './worker-lifecycle';

/** What has to be there before the module can be. */
export interface WorkerModuleOptions extends ServingProcess {
  port: Port;
  duties: WorkerDuties;
}

/** The HTTP edge of a gateway, with its own copy of the configuration and its own connections to the plugins. */
@Module({})
export class WorkerModule {
  static register(worker: WorkerModuleOptions): DynamicModule {
    const server = { provide: GatewayServer, useValue: worker.server };
    return { module: WorkerModule, controllers: [HealthController], providers: [...processProviders(worker), server, ...configurationProviders, ...lineProviders(worker), ...endpointProviders, lifecycle] };
  }
}

/** The same code as in the primary. Storing, reporting and running plugins is the business of that one. */
const configurationProviders = [
  provide(CurrentState, [], () => new CurrentState()),
  provide(RevokedTokens, [], () => new RevokedTokens()),
  provide(GatewayKeyring, [CONFIG, IDENTITY], ({ identity: { namespace }, trust: { shared } }: GatewayConfig, { sealingKey }: GatewayIdentity) => new GatewayKeyring({ namespace, sealingKey, shared })),
  provide(RefusalReports, [LOGGER], (logger: Logger) => new RefusalReports({ refused: () => undefined }, logger)),
  provide(
    Enforcement,
    [LOGGER, GatewayKeyring, CurrentState, RevokedTokens],
    (logger: Logger, keyring: GatewayKeyring, current: CurrentState, revoked: RevokedTokens) => new Enforcement(keyring, current, { apply: () => undefined }, revoked, systemClock, logger),
  ),
  provide(
    SnapshotApplier,
    [CONFIG, LOGGER, Enforcement, RevokedTokens, RefusalReports],
    (config: GatewayConfig, logger: Logger, enforcement: Enforcement, revoked: RevokedTokens, refusals: RefusalReports) => {
      const nowhere = { keepDelta: () => Promise.resolve(), keepWhole: () => Promise.resolve(), keepBody: () => Promise.resolve() };
      return new SnapshotApplier({ ...config.trust, namespace: config.identity.namespace }, enforcement, revoked, nowhere, refusals, { applied: () => undefined }, logger);
    },
  ),
];

function lineProviders({ port, duties }: WorkerModuleOptions) {
  return [
    provide(SharedPlugins, [], () => new SharedPlugins()),
    { provide: ENDPOINT_PLUGINS, useExisting: SharedPlugins },
    provide(PrimaryLine, [SharedPlugins, SnapshotApplier], (plugins: SharedPlugins, consumer: SnapshotApplier) => {
      const line = new PrimaryLine({ port, plugins, consumer, duties });
      plugins.connect((notice: ToPrimary) => line.tell(notice));
      return line;
    }),
    provide(HEALTH, [PrimaryLine], (line: PrimaryLine) => new PrimaryHealth(line)),
  ];
}

const lifecycle = provide(WorkerLifecycle, [HttpEdge, SharedPlugins, PrimaryLine], (edge: HttpEdge, plugins: SharedPlugins, line: PrimaryLine) => new WorkerLifecycle(edge, plugins, line));
