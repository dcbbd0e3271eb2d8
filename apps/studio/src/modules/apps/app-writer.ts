import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { lockRow } from '../../database/lock-row';
import { UnitOfWork } from '../../database/unit-of-work';
import { checkVersion, type ExpectedVersions } from '../../http/etag';
import { organizationOf, type RequestContext } from '../../http/request-context';
import { AuditService, changedMembers } from '../audit';
import { SystemEvents, type ChangedThing } from '../events';
import type { HookNote } from '../object-hooks';
import { RevisionService, type RecordName } from '../snapshots';
import { UserEntity } from '../users';
import { withOwner, type AppWithOwner } from './app-owners';
import { AppTokenEntity } from './app-token.entity';
import { AppEntity } from './app.entity';
import { appErrors } from './app.errors';
import type { CreateApp, UpdateApp } from './app.schema';

/** Writes apps: one transaction each, with the audit row, the revisions, and word to the plugins. */
@Injectable()
export class AppWriter {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: AuditService,
    private readonly revisions: RevisionService,
    private readonly events: SystemEvents,
  ) {}

  create(ctx: RequestContext, body: CreateApp, notes: readonly HookNote[] = []): Promise<AppWithOwner> {
    return this.unitOfWork.run(ctx, async (tx) => {
      const values = { ...columnsOf(body), ownerId: await this.checkOwner(tx, ctx, body.owner_id), organizationId: organizationOf(ctx) };
      const app = await tx.save(tx.create(AppEntity, values));
      await this.audit.record(tx, ctx, { action: 'app.create', targetType: 'app', targetId: app.id, changes: { ...body, owner_id: app.ownerId, ...noted(notes) } });
      await this.publish(tx, app, 'created', [app.namespace]);
      return withOwner(tx, app);
    });
  }

  /** What is not in the patch stays. A patch that changes nothing writes nothing. */
  update(ctx: RequestContext, id: number, expected: ExpectedVersions, patch: UpdateApp, notes: readonly HookNote[] = []): Promise<AppWithOwner> {
    return this.unitOfWork.run(ctx, async (tx) => {
      const app = await this.lock(tx, ctx, id);
      checkVersion(expected, app.version);
      const changed = changedMembers(app, columnsOf(patch));
      if (Object.keys(changed).length === 0) return withOwner(tx, app);
      if (changed.ownerId !== undefined) await this.checkOwner(tx, ctx, changed.ownerId);
      const before = app.namespace;
      // Not merged: an object takes the place of the one before, with all its members.
      const saved = await tx.save(Object.assign(app, changed));
      await this.audit.record(tx, ctx, { action: 'app.update', targetType: 'app', targetId: id, changes: { ...changed, ...noted(notes) } });
      const tokenIds = changed.isActive === undefined && changed.namespace === undefined ? [] : await tokenIdsOf(tx, id);
      await this.publish(tx, saved, 'updated', [before, saved.namespace], tokenIds);
      return withOwner(tx, saved);
    });
  }

  /** Its tokens go with it. */
  async delete(ctx: RequestContext, id: number, expected: ExpectedVersions): Promise<void> {
    await this.unitOfWork.run(ctx, async (tx) => {
      const app = await this.lock(tx, ctx, id);
      checkVersion(expected, app.version);
      const tokenIds = await tokenIdsOf(tx, id);
      await tx.delete(AppEntity, { id });
      await this.audit.record(tx, ctx, { action: 'app.delete', targetType: 'app', targetId: id, changes: { name: app.name } });
      await this.publish(tx, app, 'deleted', [app.namespace], tokenIds);
    });
  }

  /** The row, kept for the caller's transaction. */
  async lock(tx: EntityManager, ctx: RequestContext, id: number): Promise<AppEntity> {
    const app = await lockRow(tx, AppEntity, { id, organizationId: organizationOf(ctx) });
    if (!app) throw new appErrors.notFound({ id });
    return app;
  }

  /** To the gateways of these namespaces, and to plugins. `tokenIds` come or go with the app. */
  private async publish(tx: EntityManager, { id, name, organizationId }: AppEntity, verb: ChangedThing['verb'], namespaces: string[], tokenIds: number[] = []): Promise<void> {
    const affected = [...new Set(namespaces)];
    const touched: RecordName[] = [{ kind: 'app', id }, ...tokenIds.map((tokenId) => ({ kind: 'token' as const, id: tokenId }))];
    for (const namespace of affected) await this.revisions.bump(tx, namespace, touched);
    await this.events.announce(tx, { noun: 'app', verb, id, name, organizationId, namespaces: affected });
  }

  private async checkOwner(tx: EntityManager, ctx: RequestContext, ownerId: number | undefined): Promise<number> {
    const owner = ownerId === undefined ? null : await tx.findOneBy(UserEntity, { id: ownerId, organizationId: organizationOf(ctx) });
    if (!owner) throw new appErrors.unknownOwner({ ownerId }, { faults: [{ pointer: '/owner_id', message: 'There is no such user.' }] });
    return owner.id;
  }
}

async function tokenIdsOf(tx: EntityManager, appId: number): Promise<number[]> {
  const tokens = await tx.find(AppTokenEntity, { where: { appId }, select: { id: true } });
  return tokens.map((token) => token.id);
}

/** What plugins had to do with a write. */
function noted(notes: readonly HookNote[]): object {
  return notes.length === 0 ? {} : { object_hooks: notes };
}

type AppColumns = Pick<AppEntity, 'name' | 'description' | 'ownerId' | 'isActive' | 'monthlyBudget' | 'rateLimit' | 'metadata' | 'namespace'>;

function columnsOf(body: UpdateApp): Partial<AppColumns> {
  const { owner_id: ownerId, is_active: isActive, monthly_budget: monthlyBudget, rate_limit: rateLimit, ...same } = body;
  return { ...same, ownerId, isActive, monthlyBudget, rateLimit };
}
