import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { lockRow } from '../../database/lock-row';
import { UnitOfWork } from '../../database/unit-of-work';
import { checkVersion, type ExpectedVersions } from '../../http/etag';
import { findPage, type Page, type PageQuery } from '../../http/pagination';
import { organizationOf, type RequestContext } from '../../http/request-context';
import { AuditService, changedMembers } from '../audit';
import { OrganizationEntity } from './organization.entity';
import { organizationErrors } from './organization.errors';
import type { UpdateOrganization } from './organization.schema';

/** A caller knows one organization, which is its own. */
@Injectable()
export class OrganizationService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: AuditService,
  ) {}

  list(ctx: RequestContext, page: PageQuery): Promise<Page<OrganizationEntity>> {
    return findPage(this.dataSource.getRepository(OrganizationEntity), { id: organizationOf(ctx) }, { limit: page.limit });
  }

  async get(ctx: RequestContext, id: number): Promise<OrganizationEntity> {
    const organization = id === organizationOf(ctx) ? await this.dataSource.manager.findOneBy(OrganizationEntity, { id }) : null;
    if (!organization) throw new organizationErrors.notFound({ id });
    return organization;
  }

  update(ctx: RequestContext, id: number, expected: ExpectedVersions, patch: UpdateOrganization): Promise<OrganizationEntity> {
    return this.unitOfWork.run(ctx, async (tx) => {
      const organization = id === organizationOf(ctx) ? await lockRow(tx, OrganizationEntity, { id }) : null;
      if (!organization) throw new organizationErrors.notFound({ id });
      checkVersion(expected, organization.version);
      const changed = changedMembers(organization, patch);
      if (Object.keys(changed).length === 0) return organization;
      if (changed.name !== undefined && (await tx.existsBy(OrganizationEntity, { name: changed.name }))) throw new organizationErrors.nameTaken({ id });
      const saved = await tx.save(Object.assign(organization, changed));
      await this.audit.record(tx, ctx, { action: 'organization.update', targetType: 'organization', targetId: id, changes: changed });
      return saved;
    });
  }
}
