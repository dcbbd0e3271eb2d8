import {
  type DeletePluginKVRequest,
  ListAppsResponse,
  MicrogatewayManagementServiceService,
  type ReadPluginKVRequest,
  type WritePluginKVRequest,
} from '@sluice/contracts/microgateway-management';
import { defineErrors } from '@sluice/kernel';
import type { ServiceApi, ServiceCaller } from '../broker/service-api';

const kvErrors = defineErrors('kv', { notFound: { kind: 'not_found', blame: 'caller', message: 'key not found' } });

/** As much of a gateway's Service API as the suite needs, in memory. Keys are a plugin's own. */
export function memoryServiceApi(apps: readonly { id: number; name: string }[] = []): ServiceApi {
  const values = new Map<string, Buffer>();
  const keyOf = (caller: ServiceCaller, key: string) => `${caller.pluginId}/${key}`;
  return {
    definition: MicrogatewayManagementServiceService,
    handlers: {
      writePluginKv: async (caller: ServiceCaller, { key, value }: WritePluginKVRequest) => {
        const created = !values.has(keyOf(caller, key));
        values.set(keyOf(caller, key), value);
        return { created };
      },
      readPluginKv: async (caller: ServiceCaller, { key }: ReadPluginKVRequest) => {
        const value = values.get(keyOf(caller, key));
        if (!value) throw new kvErrors.notFound({ key });
        return { value };
      },
      deletePluginKv: async (caller: ServiceCaller, { key }: DeletePluginKVRequest) => ({ deleted: values.delete(keyOf(caller, key)) }),
      listApps: async () => ListAppsResponse.fromPartial({ apps: [...apps], totalCount: BigInt(apps.length) }),
    },
  };
}
