import { Module, type DynamicModule } from '@nestjs/common';
import type { Telemetry } from '@sluice/platform-telemetry';
import type { Logger } from 'pino';
import type { GatewayConfig } from './config';
import { endpointProviders } from './endpoint.providers';
import { GatewayLifecycle } from './gateway-lifecycle';
import { GatewayServices } from './gateway-services';
import { hostProviders } from './host.providers';
import { HttpEdge } from './http-edge';
import { OwnHealth } from './http/gateway-health';
import { GatewayServer } from './http/gateway-server';
import { HealthController } from './http/health.controller';
import { Readiness } from './http/readiness';
import { provide } from './provide';
import type { GatewayIdentity } from './snapshot/identity-key';
import { PluginFleet } from './snapshot/plugin-fleet';
import { directSnapshots, snapshotProviders } from './snapshot.providers';
import { CONFIG, ENDPOINT_PLUGINS, HEALTH, IDENTITY, LOGGER, TELEMETRY } from './tokens';

/** What has to be there before the module can be. */
export interface GatewayProcess {
  config: GatewayConfig;
  logger: Logger;
  telemetry: Telemetry;
  identity: GatewayIdentity;
}

/** The same, of a process that answers requests. */
export interface ServingProcess extends GatewayProcess {
  server: GatewayServer;
}

/** What was there before, for those who ask for it. */
export function processProviders({ config, logger, telemetry, identity }: GatewayProcess) {
  return [
    { provide: CONFIG, useValue: config },
    { provide: LOGGER, useValue: logger },
    { provide: TELEMETRY, useValue: telemetry },
    { provide: IDENTITY, useValue: identity },
  ];
}

/** Everything a gateway consists of. Libraries and handlers are plain classes; only here does Nest know them. */
@Module({})
export class GatewayModule {
  static register(gateway: ServingProcess): DynamicModule {
    const server = { provide: GatewayServer, useValue: gateway.server };
    const providers = [...processProviders(gateway), server, ...hostProviders, ...snapshotProviders, ...directSnapshots, ...endpointProviders, ...ownProviders];
    return { module: GatewayModule, controllers: [HealthController], providers };
  }
}

const ownProviders = [
  { provide: ENDPOINT_PLUGINS, useExisting: PluginFleet },
  provide(HEALTH, [Readiness, TELEMETRY], (readiness: Readiness, telemetry: Telemetry) => new OwnHealth(readiness, telemetry)),
  provide(GatewayLifecycle, [HttpEdge, Readiness, GatewayServices], (edge: HttpEdge, readiness: Readiness, services: GatewayServices) => new GatewayLifecycle(edge, readiness, services)),
];
