import { Injectable } from '@nestjs/common';
import { Authenticator, type Identity } from '../../http/authenticator';
import { ApiKeyService } from './api-key.service';
import { identityOf } from './identity';
import { SessionService } from './session.service';

@Injectable()
export class StudioAuthenticator extends Authenticator {
  constructor(
    private readonly sessions: SessionService,
    private readonly apiKeys: ApiKeyService,
  ) {
    super();
  }

  async bySession(token: string): Promise<Identity | null> {
    const user = await this.sessions.userOf(token);
    return user && identityOf(user);
  }

  async byApiKey(key: string): Promise<Identity | null> {
    const found = await this.apiKeys.find(key);
    return found && identityOf(found.user, found.key.scopes);
  }
}
