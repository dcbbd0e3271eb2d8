import type { FactoryProvider } from '@nestjs/common';
import type { Logger } from 'pino';
import type { GatewayConfig } from './config';
import { Dispatcher } from './dispatch/dispatcher';
import { provide } from './provide';
import { CurrentState } from './snapshot/current-state';
import { GatewayKeyring } from './snapshot/gateway-keyring';
import { CONFIG, ENDPOINT_PLUGINS, LOGGER } from './tokens';
import { createEndpointHandler, type EndpointHandlerOptions } from './endpoints/create-endpoint-handler';
import { EndpointHandler } from './endpoints/endpoint-handler';
import { HttpEdge } from './http-edge';
import { GatewayServer } from './http/gateway-server';
import { RequestGuard } from './http/request-guard';

/** The hot path. */
export const endpointProviders: FactoryProvider[] = [
  provide(EndpointHandler, [CONFIG, LOGGER, CurrentState, ENDPOINT_PLUGINS, GatewayKeyring], (config: GatewayConfig, logger: Logger, current: CurrentState, plugins: EndpointHandlerOptions['plugins'], keys: GatewayKeyring) =>
    createEndpointHandler({
      current,
      plugins,
      logger,
      keys,
      limits: config.endpoints,
      edge: { id: config.identity.name, namespace: config.identity.namespace },
      recordTraces: config.telemetry.otlpEndpoint !== undefined,
    } satisfies EndpointHandlerOptions),
  ),
  provide(
    Dispatcher,
    [CONFIG, EndpointHandler, LOGGER],
    ({ clients }: GatewayConfig, endpoints: EndpointHandler, logger: Logger) => new Dispatcher(new RequestGuard(clients.limits), clients.trustedProxies, endpoints, logger),
  ),
  provide(HttpEdge, [GatewayServer, Dispatcher, CONFIG], (server: GatewayServer, dispatcher: Dispatcher, { clients }: GatewayConfig) => new HttpEdge(server, dispatcher, clients)),
];
