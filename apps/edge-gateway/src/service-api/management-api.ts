import {
  GetLicenseInfoResponse,
  MicrogatewayManagementServiceService,
  type GetAppRequest,
  type GetAppResponse,
  type ListAppsRequest,
  type ListAppsResponse,
  type QueueControlPayloadRequest,
} from '@sluice/contracts/microgateway-management';
import type { ServiceApi, ServiceCaller } from '@sluice/plugin-runtime';
import type { KvStore } from '../plugin-data/kv-store';
import type { AppQueries } from './app-queries';
import type { ControlPayloads } from './control-payloads';
import { kvCalls } from './kv-calls';

/** The Service API of a gateway. What has no handler here answers UNIMPLEMENTED. */
export function managementApi(kv: KvStore, apps: AppQueries, payloads: ControlPayloads): ServiceApi {
  return {
    definition: MicrogatewayManagementServiceService,
    handlers: {
      ...kvCalls(kv),
      queueControlPayload: (caller: ServiceCaller, request: QueueControlPayloadRequest) => payloads.queue(caller.pluginId, request),
      getApp: async (_caller: ServiceCaller, request: GetAppRequest): Promise<GetAppResponse> => apps.get(request),
      listApps: async (_caller: ServiceCaller, request: ListAppsRequest): Promise<ListAppsResponse> => apps.list(request),
      getLicenseInfo: async () => GetLicenseInfoResponse.fromPartial({ licenseValid: true, daysRemaining: -1, licenseType: 'community' }),
    },
  };
}
