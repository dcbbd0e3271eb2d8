import { createHash, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@sluice/kernel';
import { DataSource, LessThan } from 'typeorm';
import { UnitOfWork } from '../../database/unit-of-work';
import type { RequestContext } from '../../http/request-context';
import { CLOCK } from '../../process.module';
import { AuditService } from '../audit';
import { UserEntity, verifyPassword } from '../users';
import { authErrors } from './auth.errors';
import type { Login } from './auth.schema';
import { LoginThrottleService } from './login-throttle.service';
import { SessionEntity } from './session.entity';
import { identityOf } from './identity';

export const SESSION_SECONDS = 12 * 3_600;

@Injectable()
export class SessionService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: AuditService,
    private readonly throttle: LoginThrottleService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Checks the password and begins a session. The token is what the cookie carries; it is stored as its hash only. */
  async login(ctx: RequestContext, { email, password }: Login): Promise<{ user: UserEntity; token: string }> {
    await this.throttle.enter(ctx.ip, email);
    const user = await this.dataSource.manager.findOneBy(UserEntity, { email });
    if (!(await verifyPassword(user?.passwordHash, password)) || !user?.isActive) throw new authErrors.badCredentials({ email });
    await this.throttle.leave(ctx.ip, email);
    const token = randomBytes(32).toString('base64url');
    const now = this.clock.now();
    await this.unitOfWork.run(ctx, async (tx) => {
      await tx.delete(SessionEntity, { expiresAt: LessThan(new Date(now)) });
      await tx.insert(SessionEntity, { userId: user.id, tokenHash: hashSession(token), expiresAt: new Date(now + SESSION_SECONDS * 1_000) });
      await this.audit.record(tx, { ...ctx, ...identityOf(user) }, { action: 'session.create', targetType: 'user', targetId: user.id });
    });
    return { user, token };
  }

  async logout(ctx: RequestContext, token: string): Promise<void> {
    await this.unitOfWork.run(ctx, async (tx) => {
      const { affected } = await tx.delete(SessionEntity, { tokenHash: hashSession(token) });
      if (affected && ctx.actor.kind === 'user') await this.audit.record(tx, ctx, { action: 'session.delete', targetType: 'user', targetId: ctx.actor.userId });
    });
  }

  async userOf(token: string): Promise<UserEntity | null> {
    const session = await this.dataSource.manager.findOneBy(SessionEntity, { tokenHash: hashSession(token) });
    if (!session || session.expiresAt.getTime() <= this.clock.now()) return null;
    return this.dataSource.manager.findOneBy(UserEntity, { id: session.userId, isActive: true });
  }
}

function hashSession(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
