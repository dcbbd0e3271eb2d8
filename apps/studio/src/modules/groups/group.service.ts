import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { lockRow } from '../../database/lock-row';
import { UnitOfWork } from '../../database/unit-of-work';
import { checkVersion, type ExpectedVersions } from '../../http/etag';
import { findPage, type Page, type PageQuery } from '../../http/pagination';
import { organizationOf, type RequestContext } from '../../http/request-context';
import { AuditService, changedMembers } from '../audit';
import { SystemEvents } from '../events';
import { GroupEntity } from './group.entity';
import { groupErrors } from './group.errors';
import type { CreateGroup, UpdateGroup } from './group.schema';

@Injectable()
export class GroupService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: AuditService,
    private readonly events: SystemEvents,
  ) {}

  list(ctx: RequestContext, page: PageQuery): Promise<Page<GroupEntity>> {
    return findPage(this.dataSource.getRepository(GroupEntity), { organizationId: organizationOf(ctx) }, page);
  }

  async get(ctx: RequestContext, id: number): Promise<GroupEntity> {
    const group = await this.dataSource.manager.findOneBy(GroupEntity, { id, organizationId: organizationOf(ctx) });
    if (!group) throw new groupErrors.notFound({ id });
    return group;
  }

  create(ctx: RequestContext, body: CreateGroup): Promise<GroupEntity> {
    return this.unitOfWork.run(ctx, async (tx) => {
      await this.refuseTakenName(tx, ctx, body.name);
      const group = await tx.save(tx.create(GroupEntity, { ...body, organizationId: organizationOf(ctx) }));
      await this.audit.record(tx, ctx, { action: 'group.create', targetType: 'group', targetId: group.id, changes: body });
      await this.events.announce(tx, { ...group, noun: 'group', verb: 'created' });
      return group;
    });
  }

  update(ctx: RequestContext, id: number, expected: ExpectedVersions, patch: UpdateGroup): Promise<GroupEntity> {
    return this.unitOfWork.run(ctx, async (tx) => {
      const group = await this.lock(tx, ctx, id);
      checkVersion(expected, group.version);
      const changed = changedMembers(group, patch);
      if (Object.keys(changed).length === 0) return group;
      if (changed.name !== undefined) await this.refuseTakenName(tx, ctx, changed.name);
      const saved = await tx.save(Object.assign(group, changed));
      await this.audit.record(tx, ctx, { action: 'group.update', targetType: 'group', targetId: id, changes: changed });
      await this.events.announce(tx, { ...saved, noun: 'group', verb: 'updated' });
      return saved;
    });
  }

  async delete(ctx: RequestContext, id: number, expected: ExpectedVersions): Promise<void> {
    await this.unitOfWork.run(ctx, async (tx) => {
      const group = await this.lock(tx, ctx, id);
      checkVersion(expected, group.version);
      await tx.delete(GroupEntity, { id });
      await this.audit.record(tx, ctx, { action: 'group.delete', targetType: 'group', targetId: id, changes: { name: group.name } });
      await this.events.announce(tx, { ...group, noun: 'group', verb: 'deleted' });
    });
  }

  /** The row, kept for the caller's transaction. */
  async lock(tx: EntityManager, ctx: RequestContext, id: number): Promise<GroupEntity> {
    const group = await lockRow(tx, GroupEntity, { id, organizationId: organizationOf(ctx) });
    if (!group) throw new groupErrors.notFound({ id });
    return group;
  }

  private async refuseTakenName(tx: EntityManager, ctx: RequestContext, name: string): Promise<void> {
    if (await tx.existsBy(GroupEntity, { organizationId: organizationOf(ctx), name })) throw new groupErrors.nameTaken({}, { faults: [{ pointer: '/name', message: 'Another group has this name.' }] });
  }
}
