import type { AppData } from '@sluice/config-snapshot';
import { AppInfo, type GetAppRequest, type GetAppResponse, type ListAppsRequest, type ListAppsResponse } from '@sluice/contracts/microgateway-management';
import type { CurrentState } from '../snapshot/current-state';
import { gatewayErrors } from './gateway-errors';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

/** What plugins learn about apps: those of the revision in force, by id. */
export class AppQueries {
  constructor(private readonly current: CurrentState) {}

  get({ appId }: GetAppRequest): GetAppResponse {
    const app = this.current.get()?.apps.get(appId);
    if (!app) throw new gatewayErrors.appNotFound({ appId }, { detail: `There is no app ${appId}.` });
    return { app: toAppInfo(app.data) };
  }

  /** Pages count from 1. */
  list({ isActive, page, limit }: ListAppsRequest): ListAppsResponse {
    const apps = this.current.get()?.apps;
    const ids = apps?.ids(isActive) ?? [];
    const size = limit > 0 ? Math.min(limit, MAX_LIMIT) : DEFAULT_LIMIT;
    const start = (Math.max(page, 1) - 1) * size;
    return { apps: ids.slice(start, start + size).map((id) => toAppInfo(apps!.get(id)!.data)), totalCount: BigInt(ids.length) };
  }
}

function toAppInfo(app: AppData): AppInfo {
  return AppInfo.fromPartial({
    id: app.id,
    name: app.name,
    description: app.description,
    ownerEmail: app.owner_email,
    isActive: app.is_active,
    monthlyBudget: app.monthly_budget ?? 0,
    rateLimitRpm: app.rate_limit,
    createdAt: new Date(app.created_at * 1000),
    updatedAt: new Date(app.updated_at * 1000),
    metadata: JSON.stringify(app.metadata),
  });
}
