import { NestFactory } from '@nestjs/core';
import type { DynamicModule } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { NestLogs } from '@sluice/platform-telemetry';
import { GatewayModule, type ServingProcess } from './gateway.module';
import { answerClientError } from './http/client-error';
import { observeProcess } from './http/process-metrics';
import { ProblemFilter } from './http/problem.filter';

/** Builds a gateway that has not begun to listen. `module` says what it consists of, where that is not all of it. */
export async function createGateway(gateway: ServingProcess, module: DynamicModule = GatewayModule.register(gateway)): Promise<NestFastifyApplication> {
  observeProcess();
  const adapter = new FastifyAdapter({ serverFactory: gateway.server.factory, bodyLimit: 1_024, clientErrorHandler: answerClientError });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { logger: new NestLogs(gateway.logger), abortOnError: false });
  app.useGlobalFilters(new ProblemFilter(gateway.logger));
  return app;
}
