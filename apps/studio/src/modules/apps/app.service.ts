import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { checkVersion, type ExpectedVersions } from '../../http/etag';
import { findPage, type Page } from '../../http/pagination';
import { organizationOf, type RequestContext } from '../../http/request-context';
import { changedMembers } from '../audit';
import { AfterHooks, ObjectHooks } from '../object-hooks';
import { appDeletion, appWrite, hookedApp } from './app-hooks';
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
    private readonly hooks: ObjectHooks,
    private readonly afterHooks: AfterHooks,
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

  async create(ctx: RequestContext, body: CreateApp): Promise<AppWithOwner> {
    const ownerId = body.owner_id ?? (ctx.actor.kind === 'user' ? ctx.actor.userId : undefined);
    const operation = await this.hooks.before(ctx, appWrite('create', { ...body, owner_id: ownerId }));
    const saved = await this.writer.create(ctx, operation.object, operation.notes);
    this.afterHooks.tell(ctx, operation, saved.app.id, hookedApp(saved.app));
    return saved;
  }

  /** What is not in the patch stays. A patch that changes nothing writes nothing. What plugins have seen is what is changed: if it became another meanwhile, they have not seen it. */
  async update(ctx: RequestContext, id: number, expected: ExpectedVersions, patch: UpdateApp): Promise<AppWithOwner> {
    const { app } = await this.get(ctx, id);
    checkVersion(expected, app.version);
    const before = hookedApp(app);
    const changed = changedMembers(before, patch);
    if (Object.keys(changed).length === 0) return this.writer.update(ctx, id, expected, patch);
    const { object, asked, ...operation } = await this.hooks.before(ctx, appWrite('update', { ...before, ...changed }));
    const { id: _, ...wanted } = object;
    const saved = asked ? await this.writer.update(ctx, id, [app.version], wanted, operation.notes) : await this.writer.update(ctx, id, expected, patch);
    if (saved.app.version !== app.version) this.afterHooks.tell(ctx, { ...operation, object, asked }, id, hookedApp(saved.app));
    return saved;
  }

  /** Its tokens go with it. */
  async delete(ctx: RequestContext, id: number, expected: ExpectedVersions): Promise<void> {
    const { app } = await this.get(ctx, id);
    checkVersion(expected, app.version);
    const operation = await this.hooks.before(ctx, appDeletion(hookedApp(app)));
    await this.writer.delete(ctx, id, operation.asked ? [app.version] : expected);
    this.afterHooks.tell(ctx, operation, id, operation.object);
  }
}
