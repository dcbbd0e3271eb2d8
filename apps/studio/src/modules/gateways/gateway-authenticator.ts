import { Inject, Injectable } from '@nestjs/common';
import { readGatewayToken } from '@sluice/edge-link';
import { isSluiceError, type Clock } from '@sluice/kernel';
import { DataSource } from 'typeorm';
import { GatewayAuthenticator, type Identity } from '../../http/authenticator';
import { httpErrors } from '../../http/errors';
import { CLOCK } from '../../process.module';
import { parseNamespace } from '../snapshots';
import { gatewayErrors } from './gateway-errors';
import { GatewayRefusals } from './gateway-refusals';
import { GatewayEntity } from './gateway.entity';
import { checkSignedTime } from './signed-time';

/** Recognises gateways over HTTP by the token that they sign for each request. */
@Injectable()
export class SignedGatewayAuthenticator extends GatewayAuthenticator {
  constructor(
    private readonly dataSource: DataSource,
    private readonly refusals: GatewayRefusals,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    super();
  }

  async byToken(token: string | undefined, namespaceName: string | undefined): Promise<Identity> {
    try {
      const { id, namespace } = await this.gatewayOf(token);
      if (namespaceName !== undefined && parseNamespace(namespaceName) !== namespace) throw new gatewayErrors.otherNamespace({ id });
      return { actor: { kind: 'system', name: `gateway ${id}` }, scopes: [] };
    } catch (error) {
      if (isSluiceError(error)) this.refusals.count(error.code);
      throw error;
    }
  }

  private async gatewayOf(token: string | undefined): Promise<Pick<GatewayEntity, 'id' | 'namespace'>> {
    const claim = token === undefined ? undefined : readGatewayToken(token);
    if (!claim) throw new httpErrors.unauthenticated({}, { detail: 'Send a token that the gateway signed with its own key as a bearer token.' });
    checkSignedTime(claim.issuedAtMs, this.clock.now());
    const gateway = await this.dataSource.manager.findOne(GatewayEntity, { select: { id: true, namespace: true, removedAt: true }, where: { publicKey: claim.publicKey } });
    if (!gateway) throw new gatewayErrors.unknownKey();
    if (gateway.removedAt) throw new gatewayErrors.removed({ id: gateway.id });
    return gateway;
  }
}
