import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { generateToken, tokenPrefix } from '@sluice/config-snapshot';
import type { Clock } from '@sluice/kernel';
import { DataSource, IsNull } from 'typeorm';
import { lockRow } from '../../../database/lock-row';
import { UnitOfWork } from '../../../database/unit-of-work';
import { findPage, type Page, type PageQuery } from '../../../http/pagination';
import type { RequestContext } from '../../../http/request-context';
import { CLOCK } from '../../../process.module';
import { AuditService } from '../../audit';
import { RevisionService } from '../../snapshots';
import { gatewayErrors } from '../gateway-errors';
import type { CreateEnrolmentToken } from './enrolment-token.schema';
import { EnrolmentTokenEntity } from './enrolment-token.entity';

/** The tokens that operators make for new gateways. */
@Injectable()
export class EnrolmentTokenService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly work: UnitOfWork,
    private readonly audit: AuditService,
    private readonly revisions: RevisionService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  list(_ctx: RequestContext, page: PageQuery): Promise<Page<EnrolmentTokenEntity>> {
    return findPage(this.dataSource.getRepository(EnrolmentTokenEntity), {}, page);
  }

  /** The token is in the answer and nowhere else. */
  create(ctx: RequestContext, { namespace, expires_in: expiresIn, max_uses: maxUses }: CreateEnrolmentToken): Promise<{ token: string; row: EnrolmentTokenEntity }> {
    const token = generateToken('enrolment');
    const expiresAt = expiresIn === null ? null : new Date(this.clock.now() + expiresIn * 1_000);
    return this.work.run(ctx, async (tx) => {
      const row = await tx.save(tx.create(EnrolmentTokenEntity, { namespace, expiresAt, maxUses, hash: hashEnrolmentToken(token), prefix: tokenPrefix(token), lastFour: token.slice(-4) }));
      await this.audit.record(tx, ctx, { action: 'gateway_enrolment_token.create', targetType: 'gateway_enrolment_token', targetId: row.id, changes: { namespace, expiresAt, maxUses } });
      // What its gateways will ask for begins to be built.
      await this.revisions.ensureNamespace(tx, namespace);
      return { token, row };
    });
  }

  /** Gateways that it admitted stay. */
  async revoke(ctx: RequestContext, id: number): Promise<void> {
    await this.work.run(ctx, async (tx) => {
      const row = await lockRow(tx, EnrolmentTokenEntity, { id, revokedAt: IsNull() });
      if (!row) throw new gatewayErrors.tokenNotFound({ id });
      await tx.update(EnrolmentTokenEntity, { id }, { revokedAt: new Date(this.clock.now()) });
      await this.audit.record(tx, ctx, { action: 'gateway_enrolment_token.revoke', targetType: 'gateway_enrolment_token', targetId: id, changes: { namespace: row.namespace, uses: row.uses } });
    });
  }
}

export function hashEnrolmentToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
