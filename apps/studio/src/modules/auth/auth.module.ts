import { Module } from '@nestjs/common';
import { Authenticator } from '../../http/authenticator';
import { ApiKeyController } from './api-key.controller';
import { ApiKeyService } from './api-key.service';
import { AuthController } from './auth.controller';
import { LoginThrottleService } from './login-throttle.service';
import { MeController } from './me.controller';
import { SessionService } from './session.service';
import { StudioAuthenticator } from './studio-authenticator';

@Module({
  controllers: [AuthController, MeController, ApiKeyController],
  providers: [SessionService, ApiKeyService, LoginThrottleService, { provide: Authenticator, useClass: StudioAuthenticator }],
  exports: [Authenticator],
})
export class AuthModule {}
