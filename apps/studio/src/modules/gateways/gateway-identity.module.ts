import { Module } from '@nestjs/common';
import { GatewayAuthenticator } from '../../http/authenticator';
import { SignedGatewayAuthenticator } from './gateway-authenticator';
import { GatewayRefusals } from './gateway-refusals';

/** Who gateways are: what the guard of routes has to know. */
@Module({
  providers: [GatewayRefusals, { provide: GatewayAuthenticator, useClass: SignedGatewayAuthenticator }],
  exports: [GatewayRefusals, GatewayAuthenticator],
})
export class GatewayIdentityModule {}
