import { Inject, Injectable } from '@nestjs/common';
import { generateToken, hashToken, tokenPrefix } from '@sluice/config-snapshot';
import type { Clock } from '@sluice/kernel';
import { DataSource, IsNull } from 'typeorm';
import { lockRow } from '../../database/lock-row';
import { UnitOfWork } from '../../database/unit-of-work';
import { findPage, type Page, type PageQuery } from '../../http/pagination';
import type { RequestContext } from '../../http/request-context';
import { CLOCK } from '../../process.module';
import { AuditService } from '../audit';
import { EdgeKeys, RevisionService } from '../snapshots';
import { AppTokenEntity } from './app-token.entity';
import type { CreateToken } from './app-token.schema';
import { appErrors } from './app.errors';
import { AppService } from './app.service';
import { AppWriter } from './app-writer';

@Injectable()
export class AppTokenService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly apps: AppService,
    private readonly writer: AppWriter,
    private readonly audit: AuditService,
    private readonly revisions: RevisionService,
    private readonly keys: EdgeKeys,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list(ctx: RequestContext, appId: number, page: PageQuery): Promise<Page<AppTokenEntity>> {
    await this.apps.get(ctx, appId);
    return findPage(this.dataSource.getRepository(AppTokenEntity), { appId }, page);
  }

  /** The token is in the answer and nowhere else. */
  create(ctx: RequestContext, appId: number, { name, scopes, expires_at: expiresAt }: CreateToken): Promise<{ token: string; row: AppTokenEntity }> {
    const token = generateToken('app');
    return this.unitOfWork.run(ctx, async (tx) => {
      const app = await this.writer.lock(tx, ctx, appId);
      const hash = hashToken(this.keys.tokenHashKey, token);
      const row = await tx.save(tx.create(AppTokenEntity, { appId, name, scopes, expiresAt, hash, prefix: tokenPrefix(token), lastFour: token.slice(-4) }));
      await this.audit.record(tx, ctx, { action: 'app_token.create', targetType: 'app_token', targetId: row.id, changes: { app_id: appId, name, scopes, expires_at: expiresAt } });
      await this.revisions.bump(tx, app.namespace, [{ kind: 'token', id: row.id }]);
      return { token, row };
    });
  }

  async revoke(ctx: RequestContext, appId: number, id: number): Promise<void> {
    await this.unitOfWork.run(ctx, async (tx) => {
      const app = await this.writer.lock(tx, ctx, appId);
      const row = await lockRow(tx, AppTokenEntity, { id, appId, revokedAt: IsNull() });
      if (!row) throw new appErrors.tokenNotFound({ id, appId });
      await tx.update(AppTokenEntity, { id }, { revokedAt: new Date(this.clock.now()) });
      await this.audit.record(tx, ctx, { action: 'app_token.revoke', targetType: 'app_token', targetId: id, changes: { app_id: appId, name: row.name } });
      await this.revisions.bump(tx, app.namespace, [{ kind: 'token', id }]);
    });
  }
}
