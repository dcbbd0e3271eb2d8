import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { generateToken, isWellFormedToken, tokenPrefix } from '@sluice/config-snapshot';
import type { Clock } from '@sluice/kernel';
import { DataSource, IsNull } from 'typeorm';
import { lockRow } from '../../database/lock-row';
import { UnitOfWork } from '../../database/unit-of-work';
import { httpErrors } from '../../http/errors';
import { findPage, type Page, type PageQuery } from '../../http/pagination';
import type { RequestContext } from '../../http/request-context';
import { scopesCover } from '../../http/scopes';
import { CLOCK } from '../../process.module';
import { AuditService } from '../audit';
import { UserEntity } from '../users';
import { ApiKeyEntity } from './api-key.entity';
import type { CreateApiKey } from './auth.schema';
import { authErrors } from './auth.errors';

const LAST_USE_PRECISION_MS = 60_000;

/** The keys of the user who asks. */
@Injectable()
export class ApiKeyService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  list(ctx: RequestContext, page: PageQuery): Promise<Page<ApiKeyEntity>> {
    return findPage(this.dataSource.getRepository(ApiKeyEntity), { userId: userIdOf(ctx), revokedAt: IsNull() }, page);
  }

  async create(ctx: RequestContext, { name, scopes, expires_at: expiresAt }: CreateApiKey): Promise<{ key: string; row: ApiKeyEntity }> {
    const userId = userIdOf(ctx);
    const faults = scopes.flatMap((scope, index) => (scopesCover(ctx.scopes, scope) ? [] : [{ pointer: `/scopes/${index}`, message: 'You do not have this scope yourself.' }]));
    if (faults.length > 0) throw new authErrors.scopeNotHeld({}, { faults });
    const key = generateToken('key');
    const row = await this.unitOfWork.run(ctx, async (tx) => {
      const saved = await tx.save(tx.create(ApiKeyEntity, { userId, name, scopes, expiresAt, hash: hashKey(key), prefix: tokenPrefix(key), lastFour: key.slice(-4) }));
      await this.audit.record(tx, ctx, { action: 'api_key.create', targetType: 'api_key', targetId: saved.id, changes: { name, scopes, expires_at: expiresAt } });
      return saved;
    });
    return { key, row };
  }

  async revoke(ctx: RequestContext, id: number): Promise<void> {
    await this.unitOfWork.run(ctx, async (tx) => {
      const row = await lockRow(tx, ApiKeyEntity, { id, userId: userIdOf(ctx), revokedAt: IsNull() });
      if (!row) throw new authErrors.keyNotFound({ id });
      await tx.update(ApiKeyEntity, { id }, { revokedAt: new Date(this.clock.now()) });
      await this.audit.record(tx, ctx, { action: 'api_key.revoke', targetType: 'api_key', targetId: id, changes: { name: row.name } });
    });
  }

  /** The key's row and its user, if both are still good. */
  async find(key: string): Promise<{ key: ApiKeyEntity; user: UserEntity } | null> {
    if (!isWellFormedToken(key, 'key')) return null;
    const row = await this.dataSource.manager.findOneBy(ApiKeyEntity, { hash: hashKey(key), revokedAt: IsNull() });
    const now = this.clock.now();
    if (!row || (row.expiresAt && row.expiresAt.getTime() <= now)) return null;
    const user = await this.dataSource.manager.findOneBy(UserEntity, { id: row.userId, isActive: true });
    if (!user) return null;
    if (!row.lastUsedAt || row.lastUsedAt.getTime() < now - LAST_USE_PRECISION_MS) await this.dataSource.manager.update(ApiKeyEntity, { id: row.id }, { lastUsedAt: new Date(now) });
    return { key: row, user };
  }
}

function userIdOf(ctx: RequestContext): number {
  if (ctx.actor.kind !== 'user') throw new httpErrors.forbidden({ actor: ctx.actor.kind });
  return ctx.actor.userId;
}

function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
