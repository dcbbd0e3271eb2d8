import { Inject, Injectable } from '@nestjs/common';
import { isWellFormedToken } from '@sluice/config-snapshot';
import type { Clock } from '@sluice/kernel';
import type { EntityManager } from 'typeorm';
import { StudioConfig } from '../../../config';
import { CLOCK } from '../../../process.module';
import { DEFAULT_NAMESPACE_NAME } from '../../snapshots';
import { gatewayErrors } from '../gateway-errors';
import { joinTokenMatches } from '../join-token';
import { EnrolmentTokenEntity } from './enrolment-token.entity';
import { hashEnrolmentToken } from './enrolment-token.service';

/** Decides whether a gateway that nobody knows may come in. */
@Injectable()
export class GatewayAdmission {
  constructor(
    private readonly config: StudioConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Uses up one use of a token. EDGE_JOIN_TOKEN is one for every namespace, with as many uses as anybody likes.
   * @returns the id of the token that was made for it, null for EDGE_JOIN_TOKEN.
   */
  async admit(tx: EntityManager, token: string, namespace: string): Promise<number | null> {
    const { joinToken } = this.config.edge;
    if (token === '') throw new gatewayErrors.tokenMissing();
    if (joinToken !== undefined && joinTokenMatches(token, joinToken)) return null;
    if (!isWellFormedToken(token, 'enrolment')) throw new gatewayErrors.tokenUnknown();
    const row = await tx.findOne(EnrolmentTokenEntity, { where: { hash: hashEnrolmentToken(token) }, lock: { mode: 'pessimistic_write' } });
    this.check(row, namespace);
    await tx.update(EnrolmentTokenEntity, { id: row!.id }, { uses: row!.uses + 1 });
    return row!.id;
  }

  private check(row: EnrolmentTokenEntity | null, namespace: string): void {
    if (!row) throw new gatewayErrors.tokenUnknown();
    const id = row.id;
    if (row.revokedAt) throw new gatewayErrors.tokenRevoked({ id });
    if (row.expiresAt && row.expiresAt.getTime() <= this.clock.now()) throw new gatewayErrors.tokenExpired({ id });
    if (row.namespace !== namespace) throw new gatewayErrors.tokenOfOtherNamespace({ id, namespace }, { detail: `The enrolment token is for the namespace ${row.namespace || DEFAULT_NAMESPACE_NAME}.` });
    if (row.maxUses !== null && row.uses >= row.maxUses) throw new gatewayErrors.tokenUsedUp({ id });
  }
}
