import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { AuthModule } from '../modules/auth';
import { GatewayIdentityModule } from '../modules/gateways';
import { ApiDescription } from './openapi';
import { DocsController } from './docs.controller';
import { HealthController } from './health.controller';
import { PolicyGuard } from './policy.guard';
import { ProblemFilter } from './problem.filter';

/** What every route of the API has in common. */
@Module({
  imports: [DiscoveryModule, AuthModule, GatewayIdentityModule],
  controllers: [HealthController, DocsController],
  providers: [ApiDescription, { provide: APP_GUARD, useClass: PolicyGuard }, { provide: APP_FILTER, useClass: ProblemFilter }],
})
export class HttpModule {}
