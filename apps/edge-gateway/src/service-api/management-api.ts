import {
  GetLicenseInfoResponse,
  MicrogatewayManagementServiceService,
  type DeletePluginKVRequest,
  type DeletePluginKVResponse,
  type GetAppRequest,
  type GetAppResponse,
  type ListAppsRequest,
  type ListAppsResponse,
  type ReadPluginKVRequest,
  type ReadPluginKVResponse,
  type WritePluginKVRequest,
  type WritePluginKVResponse,
} from '@sluice/contracts/microgateway-management';
import type { ServiceApi, ServiceCaller } from '@sluice/plugin-runtime';
import type { AppQueries } from './app-queries';
import type { KvStore } from './kv-store';

/** The Service API of a gateway. What has no handler here answers UNIMPLEMENTED. */
export function managementApi(kv: KvStore, apps: AppQueries): ServiceApi {
  return {
    definition: MicrogatewayManagementServiceService,
    handlers: {
      writePluginKv: async (caller: ServiceCaller, request: WritePluginKVRequest): Promise<WritePluginKVResponse> => ({
        created: kv.write(caller.pluginId, request.key, request.value, request.expireAt?.getTime()),
      }),
      readPluginKv: async (caller: ServiceCaller, request: ReadPluginKVRequest): Promise<ReadPluginKVResponse> => ({
        value: kv.read(caller.pluginId, request.key),
      }),
      deletePluginKv: async (caller: ServiceCaller, request: DeletePluginKVRequest): Promise<DeletePluginKVResponse> => ({
        deleted: kv.delete(caller.pluginId, request.key),
      }),
      getApp: async (_caller: ServiceCaller, request: GetAppRequest): Promise<GetAppResponse> => apps.get(request),
      listApps: async (_caller: ServiceCaller, request: ListAppsRequest): Promise<ListAppsResponse> => apps.list(request),
      getLicenseInfo: async () => GetLicenseInfoResponse.fromPartial({ licenseValid: true, daysRemaining: -1, licenseType: 'community' }),
    },
  };
}
