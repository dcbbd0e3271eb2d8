import type {
  CompareAndSetPluginKVRequest,
  CompareAndSetPluginKVResponse,
  DeletePluginKVRequest,
  DeletePluginKVResponse,
  ListPluginKVRequest,
  ListPluginKVResponse,
  ReadPluginKVRequest,
  ReadPluginKVResponse,
  WritePluginKVRequest,
  WritePluginKVResponse,
} from '@sluice/contracts/microgateway-management';
import type { ServiceCaller, ServiceHandler } from '@sluice/plugin-runtime';
import type { KvStore } from '../plugin-data/kv-store';

/** The key-value calls. Whose keys they mean is known from the caller alone, never from the message. */
export function kvCalls(kv: KvStore): Readonly<Record<string, ServiceHandler>> {
  return {
    writePluginKv: async ({ pluginId }: ServiceCaller, { key, value, expireAt }: WritePluginKVRequest): Promise<WritePluginKVResponse> => ({
      created: await kv.write(pluginId, key, value, expireAt?.getTime()),
    }),
    readPluginKv: async ({ pluginId }: ServiceCaller, { key }: ReadPluginKVRequest): Promise<ReadPluginKVResponse> => ({ value: await kv.read(pluginId, key) }),
    deletePluginKv: async ({ pluginId }: ServiceCaller, { key }: DeletePluginKVRequest): Promise<DeletePluginKVResponse> => ({ deleted: await kv.delete(pluginId, key) }),
    listPluginKv: async ({ pluginId }: ServiceCaller, { prefix, cursor, limit }: ListPluginKVRequest): Promise<ListPluginKVResponse> => {
      const { entries, nextCursor } = await kv.list(pluginId, prefix, cursor, limit);
      return { entries: entries.map(({ key, bytes, expiresAtMs }) => ({ key, sizeBytes: BigInt(bytes), expireAt: expiresAtMs === Infinity ? undefined : new Date(expiresAtMs) })), nextCursor };
    },
    compareAndSetPluginKv: ({ pluginId }: ServiceCaller, { key, expected, value, expireAt }: CompareAndSetPluginKVRequest): Promise<CompareAndSetPluginKVResponse> =>
      kv.compareAndSet(pluginId, key, expected, value, expireAt?.getTime()),
  };
}
