import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { UnitOfWork } from '../../database/unit-of-work';
import { pageOf, readCursor, type Page, type PageQuery } from '../../http/pagination';
import { organizationOf, type RequestContext } from '../../http/request-context';
import { AuditService } from '../audit';
import { SystemEvents } from '../events';
import { UserEntity } from '../users';
import { GroupMemberEntity } from './group-member.entity';
import { groupErrors } from './group.errors';
import { GroupService } from './group.service';

export interface Member {
  userId: number;
  email: string;
  name: string;
  addedAt: Date;
}

@Injectable()
export class GroupMemberService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: AuditService,
    private readonly events: SystemEvents,
    private readonly groups: GroupService,
  ) {}

  async list(ctx: RequestContext, groupId: number, { limit, cursor }: PageQuery): Promise<Page<Member>> {
    await this.groups.get(ctx, groupId);
    const rows = await this.dataSource
      .createQueryBuilder(GroupMemberEntity, 'member')
      .innerJoin(UserEntity, 'person', 'person.id = member.user_id')
      .select(['member.user_id AS "userId"', 'person.email AS "email"', 'person.name AS "name"', 'member.created_at AS "addedAt"'])
      .where('member.group_id = :groupId AND member.user_id > :after', { groupId, after: cursor === undefined ? 0 : readCursor(cursor) })
      .orderBy('member.user_id')
      .limit(limit + 1)
      .getRawMany<Member>();
    return pageOf(rows, limit, (row) => row.userId);
  }

  /** Who is in it already stays in it. */
  async add(ctx: RequestContext, groupId: number, userId: number): Promise<void> {
    await this.unitOfWork.run(ctx, async (tx) => {
      const group = await this.groups.lock(tx, ctx, groupId);
      if (!(await tx.existsBy(UserEntity, { id: userId, organizationId: organizationOf(ctx) }))) throw new groupErrors.userNotFound({ userId });
      if (await tx.existsBy(GroupMemberEntity, { groupId, userId })) return;
      await tx.insert(GroupMemberEntity, { groupId, userId });
      await this.audit.record(tx, ctx, { action: 'group.add_member', targetType: 'group', targetId: groupId, changes: { user_id: userId } });
      await this.events.announce(tx, { ...group, noun: 'group', verb: 'updated' });
    });
  }

  async remove(ctx: RequestContext, groupId: number, userId: number): Promise<void> {
    await this.unitOfWork.run(ctx, async (tx) => {
      const group = await this.groups.lock(tx, ctx, groupId);
      const { affected } = await tx.delete(GroupMemberEntity, { groupId, userId });
      if (!affected) throw new groupErrors.notAMember({ groupId, userId });
      await this.audit.record(tx, ctx, { action: 'group.remove_member', targetType: 'group', targetId: groupId, changes: { user_id: userId } });
      await this.events.announce(tx, { ...group, noun: 'group', verb: 'updated' });
    });
  }
}
