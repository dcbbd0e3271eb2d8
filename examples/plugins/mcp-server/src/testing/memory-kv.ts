import type { KeyValueStore } from '@sluice/plugin-sdk';

/** As much of a host's storage as the plugin uses. */
export function memoryKv(): KeyValueStore {
  const values = new Map<string, string>();
  const current = (key: string) => (values.has(key) ? Buffer.from(values.get(key) ?? '', 'base64') : undefined);
  const kv: Partial<KeyValueStore> = {
    getJson: async <T>(key: string) => (values.has(key) ? (JSON.parse(current(key)?.toString() ?? '') as T) : undefined),
    setJson: async (key, value) => void values.set(key, Buffer.from(JSON.stringify(value)).toString('base64')),
    delete: async (key) => values.delete(key),
    get: async (key) => current(key),
    set: async (key, value) => void values.set(key, Buffer.from(value).toString('base64')),
  };
  return kv as KeyValueStore;
}
