import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ExpectedVersions } from '../../http/etag';
import { findPage, type Page } from '../../http/pagination';
import { organizationOf, type RequestContext } from '../../http/request-context';
import { withOwner, withOwners, type AppWithOwner } from './app-owners';
import { AppWriter } from './app-writer';
import { AppEntity } from './app.entity';
import { appErrors } from './app.errors';
import type { AppQuery, CreateApp, UpdateApp } from './app.schema';

@Injectable()
export class AppService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly writer: AppWriter,
  ) {}

  async list(ctx: RequestContext, { namespace, is_active: isActive, ...page }: AppQuery): Promise<Page<AppWithOwner>> {
    const where = { organizationId: organizationOf(ctx), ...(namespace !== undefined && { namespace }), ...(isActive !== undefined && { isActive }) };
    const { items, nextCursor } = await findPage(this.dataSource.getRepository(AppEntity), where, page);
    return { items: await withOwners(this.dataSource.manager, items), nextCursor };
  }

  async get(ctx: RequestContext, id: number): Promise<AppWithOwner> {
    const app = await this.dataSource.manager.findOneBy(AppEntity, { id, organizationId: organizationOf(ctx) });
    if (!app) throw new appErrors.notFound({ id });
    return withOwner(this.dataSource.manager, app);
  }

  create(ctx: RequestContext, body: CreateApp): Promise<AppWithOwner> {
    return this.writer.create(ctx, body);
  }

  /** What is not in the patch stays. A patch that changes nothing writes nothing. */
  update(ctx: RequestContext, id: number, expected: ExpectedVersions, patch: UpdateApp): Promise<AppWithOwner> {
    return this.writer.update(ctx, id, expected, patch);
  }

  /** Its tokens go with it. */
  delete(ctx: RequestContext, id: number, expected: ExpectedVersions): Promise<void> {
    return this.writer.delete(ctx, id, expected);
  }
}
