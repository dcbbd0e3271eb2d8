import { Injectable } from '@nestjs/common';
import type { AppInfo, ListAppsRequest } from '@sluice/contracts/ai-studio-management';
import { DataSource, In, type FindOptionsWhere } from 'typeorm';
import { AppEntity } from '../apps';
import { UserEntity } from '../users';
import { serviceApiErrors } from './service-api-errors';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

/** Apps as plugins see them: those of the plugin's organization. */
@Injectable()
export class PluginAppsService {
  constructor(private readonly dataSource: DataSource) {}

  async get(organizationId: number, id: number): Promise<AppInfo> {
    const app = await this.dataSource.manager.findOneBy(AppEntity, { id, organizationId });
    if (!app) throw new serviceApiErrors.appNotFound({ id });
    return (await this.describe([app]))[0]!;
  }

  async list(organizationId: number, request: ListAppsRequest): Promise<{ apps: AppInfo[]; totalCount: bigint }> {
    const limit = request.limit > 0 ? Math.min(request.limit, MAX_LIMIT) : DEFAULT_LIMIT;
    const where: FindOptionsWhere<AppEntity> = {
      organizationId,
      ...(request.isActive !== undefined && { isActive: request.isActive }),
      ...(request.namespace !== '' && { namespace: request.namespace }),
      ...(request.userId !== undefined && { ownerId: request.userId }),
    };
    const [apps, total] = await this.dataSource.manager.findAndCount(AppEntity, { where, order: { id: 'ASC' }, take: limit, skip: limit * (Math.max(request.page, 1) - 1) });
    return { apps: await this.describe(apps), totalCount: BigInt(total) };
  }

  private async describe(apps: readonly AppEntity[]): Promise<AppInfo[]> {
    const owners = await this.dataSource.manager.find(UserEntity, { where: { id: In([...new Set(apps.map((app) => app.ownerId))]) }, select: { id: true, email: true } });
    const emails = new Map(owners.map((owner) => [owner.id, owner.email]));
    return apps.map((app) => appInfo(app, emails.get(app.ownerId) ?? ''));
  }
}

function appInfo(app: AppEntity, ownerEmail: string): AppInfo {
  return {
    id: app.id,
    name: app.name,
    description: app.description,
    isActive: app.isActive,
    namespace: app.namespace,
    monthlyBudget: app.monthlyBudget ?? undefined,
    llmIds: [],
    createdAt: app.createdAt,
    updatedAt: app.updatedAt,
    ownerEmail,
    metadata: JSON.stringify(app.metadata),
    toolIds: [],
    datasourceIds: [],
    userId: app.ownerId,
  };
}
