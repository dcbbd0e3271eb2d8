import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { lockRow } from '../../database/lock-row';
import { UnitOfWork } from '../../database/unit-of-work';
import { checkVersion, type ExpectedVersions } from '../../http/etag';
import { findPage, type Page } from '../../http/pagination';
import { organizationOf, type RequestContext } from '../../http/request-context';
import { AuditService, changedMembers } from '../audit';
import { SystemEvents } from '../events';
import { RevisionService } from '../snapshots';
import { hashPassword } from './passwords';
import { UserEntity } from './user.entity';
import { userErrors } from './user.errors';
import type { CreateUser, UpdateUser, UserQuery } from './user.schema';

@Injectable()
export class UserService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: AuditService,
    private readonly revisions: RevisionService,
    private readonly events: SystemEvents,
  ) {}

  list(ctx: RequestContext, { email, ...page }: UserQuery): Promise<Page<UserEntity>> {
    return findPage(this.dataSource.getRepository(UserEntity), { organizationId: organizationOf(ctx), ...(email && { email }) }, page);
  }

  async get(ctx: RequestContext, id: number): Promise<UserEntity> {
    const user = await this.dataSource.manager.findOneBy(UserEntity, { id, organizationId: organizationOf(ctx) });
    if (!user) throw new userErrors.notFound({ id });
    return user;
  }

  async create(ctx: RequestContext, { password, is_admin: isAdmin, is_active: isActive, ...body }: CreateUser): Promise<UserEntity> {
    const passwordHash = await hashPassword(password);
    return this.unitOfWork.run(ctx, async (tx) => {
      await this.refuseTakenEmail(tx, body.email);
      const user = await tx.save(tx.create(UserEntity, { ...body, isAdmin, isActive, passwordHash, organizationId: organizationOf(ctx) }));
      await this.audit.record(tx, ctx, { action: 'user.create', targetType: 'user', targetId: user.id, changes: { ...body, is_admin: isAdmin, is_active: isActive } });
      await this.events.announce(tx, { ...user, noun: 'user', verb: 'created' });
      return user;
    });
  }

  async update(ctx: RequestContext, id: number, expected: ExpectedVersions, patch: UpdateUser): Promise<UserEntity> {
    const passwordHash = patch.password === undefined ? undefined : await hashPassword(patch.password);
    return this.unitOfWork.run(ctx, async (tx) => {
      const administrators = patch.is_admin === false || patch.is_active === false ? await lockAdministrators(tx) : [];
      const user = await this.lock(tx, ctx, id);
      checkVersion(expected, user.version);
      const changed = changedMembers(user, { email: patch.email, name: patch.name, isAdmin: patch.is_admin, isActive: patch.is_active });
      if (changed.email !== undefined) await this.refuseTakenEmail(tx, changed.email);
      if (changed.isAdmin === false || changed.isActive === false) keepAnAdministrator(administrators, user);
      const saved = await tx.save(Object.assign(user, changed, passwordHash !== undefined && { passwordHash }));
      if (passwordHash !== undefined || changed.isActive === false) await tx.query('DELETE FROM sessions WHERE user_id = $1', [id]);
      if (changed.email !== undefined) await this.republishApps(tx, id);
      const changes = { ...changed, ...(passwordHash !== undefined && { password: 'changed' }) };
      await this.audit.record(tx, ctx, { action: 'user.update', targetType: 'user', targetId: id, changes });
      await this.events.announce(tx, { ...saved, noun: 'user', verb: 'updated' });
      return saved;
    });
  }

  async delete(ctx: RequestContext, id: number, expected: ExpectedVersions): Promise<void> {
    await this.unitOfWork.run(ctx, async (tx) => {
      const administrators = await lockAdministrators(tx);
      const user = await this.lock(tx, ctx, id);
      checkVersion(expected, user.version);
      keepAnAdministrator(administrators, user);
      const [app] = await tx.query<{ id: number }[]>('SELECT id FROM apps WHERE owner_id = $1 LIMIT 1', [id]);
      if (app) throw new userErrors.ownsApps({ id, appId: app.id });
      await tx.delete(UserEntity, { id });
      await this.audit.record(tx, ctx, { action: 'user.delete', targetType: 'user', targetId: id, changes: { email: user.email } });
      await this.events.announce(tx, { ...user, noun: 'user', verb: 'deleted' });
    });
  }

  private async lock(tx: EntityManager, ctx: RequestContext, id: number): Promise<UserEntity> {
    const user = await lockRow(tx, UserEntity, { id, organizationId: organizationOf(ctx) });
    if (!user) throw new userErrors.notFound({ id });
    return user;
  }

  /** Gateways know the address of each app's owner. */
  private async republishApps(tx: EntityManager, ownerId: number): Promise<void> {
    const rows = await tx.query<{ namespace: string; ids: number[] }[]>('SELECT namespace, array_agg(id) AS ids FROM apps WHERE owner_id = $1 GROUP BY namespace ORDER BY namespace', [ownerId]);
    for (const { namespace, ids } of rows) await this.revisions.bump(tx, namespace, ids.map((id) => ({ kind: 'app', id })));
  }

  private async refuseTakenEmail(tx: EntityManager, email: string): Promise<void> {
    if (await tx.existsBy(UserEntity, { email })) throw new userErrors.emailTaken({}, { faults: [{ pointer: '/email', message: 'Another user has this email address.' }] });
  }
}

/** All of them, before any other user and in one order: two of them cannot remove each other at once, nor wait for each other for ever. */
function lockAdministrators(tx: EntityManager): Promise<UserEntity[]> {
  return tx.find(UserEntity, { where: { isAdmin: true, isActive: true }, order: { id: 'ASC' }, lock: { mode: 'pessimistic_write' } });
}

function keepAnAdministrator(administrators: readonly UserEntity[], leaving: UserEntity): void {
  if (administrators.length === 1 && administrators[0]!.id === leaving.id) throw new userErrors.lastAdministrator({ id: leaving.id });
}
