import { Injectable } from '@nestjs/common';
import {
  AIStudioManagementServiceService,
  type CompareAndSetPluginKVRequest,
  type CompareAndSetPluginKVResponse,
  type DeletePluginKVRequest,
  type GetAppRequest,
  type ListAppsRequest,
  type ListPluginKVRequest,
  type ListPluginKVResponse,
  type ReadPluginKVRequest,
  type UpdatePluginConfigRequest,
  type WritePluginKVRequest,
} from '@sluice/contracts/ai-studio-management';
import type { ServiceApi, ServiceCaller } from '@sluice/plugin-runtime';
import { DataSource } from 'typeorm';
import { OrganizationEntity } from '../organizations';
import { PluginEntity } from '../plugins';
import { PluginAppsService } from './plugin-apps.service';
import { PluginConfigUpdateService } from './plugin-config-update.service';
import { PluginKvService } from './plugin-kv.service';
import { serviceApiErrors } from './service-api-errors';

/** What a plugin that the studio runs may call: every method that has an answer yet. */
@Injectable()
export class StudioServiceApi {
  constructor(
    private readonly dataSource: DataSource,
    private readonly kv: PluginKvService,
    private readonly apps: PluginAppsService,
    private readonly configs: PluginConfigUpdateService,
  ) {}

  api(): ServiceApi {
    return {
      definition: AIStudioManagementServiceService,
      handlers: {
        writePluginKv: async (caller, { key, value, expireAt }: WritePluginKVRequest) => {
          const created = await this.kv.write(caller.pluginId, key, value, expireAt ?? null);
          return { created, message: created ? 'created' : 'updated' };
        },
        readPluginKv: async (caller, { key }: ReadPluginKVRequest) => ({ value: await this.kv.read(caller.pluginId, key), message: '' }),
        deletePluginKv: async (caller, { key }: DeletePluginKVRequest) => {
          const deleted = await this.kv.delete(caller.pluginId, key);
          return { deleted, message: deleted ? 'deleted' : serviceApiErrors.definitions.get('serviceApi.keyNotFound')!.message };
        },
        listPluginKv: async (caller, { prefix, cursor, limit }: ListPluginKVRequest): Promise<ListPluginKVResponse> => {
          const { entries, nextCursor } = await this.kv.list(caller.pluginId, prefix, cursor, limit);
          return { entries: entries.map(({ key, bytes, expiresAt }) => ({ key, sizeBytes: BigInt(bytes), expireAt: expiresAt ?? undefined })), nextCursor };
        },
        compareAndSetPluginKv: (caller, { key, expected, value, expireAt }: CompareAndSetPluginKVRequest): Promise<CompareAndSetPluginKVResponse> =>
          this.kv.compareAndSet(caller.pluginId, key, expected, value, expireAt ?? null),
        getApp: async (caller, { appId }: GetAppRequest) => ({ app: await this.apps.get(await this.organizationOf(caller), appId) }),
        listApps: async (caller, request: ListAppsRequest) => this.apps.list(await this.organizationOf(caller), request),
        updatePluginConfig: async (caller, { pluginId, configJson }: UpdatePluginConfigRequest) => {
          await this.configs.update(caller, await this.organizationOf(caller), pluginId, configJson);
          return { success: true, message: 'The config has been saved.' };
        },
        getLicenseInfo: async (caller) => this.license(await this.organizationOf(caller)),
      },
    };
  }

  private async license(organizationId: number): Promise<object> {
    const organization = await this.dataSource.manager.findOneBy(OrganizationEntity, { id: organizationId });
    return { licenseValid: true, daysRemaining: -1, licenseType: 'community', entitlements: [], organization: organization?.name ?? '', expiresAt: undefined };
  }

  private async organizationOf(caller: ServiceCaller): Promise<number> {
    const plugin = await this.dataSource.manager.findOneOrFail(PluginEntity, { where: { id: caller.pluginId }, select: { id: true, organizationId: true } });
    return plugin.organizationId;
  }
}
