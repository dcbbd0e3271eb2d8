import type { KeyValueStore } from '@sluice/plugin-sdk';

/** As much of a host's storage as the plugin uses. */
export function memoryKv(): KeyValueStore {
  const values = new Map<string, Buffer>();
  const kv: Partial<KeyValueStore> = {
    get: async (key) => values.get(key),
    getJson: async <T>(key: string) => (values.has(key) ? (JSON.parse(String(values.get(key))) as T) : undefined),
    set: async (key, value) => void values.set(key, Buffer.from(value)),
    setJson: async (key, value) => void values.set(key, Buffer.from(JSON.stringify(value))),
    delete: async (key) => values.delete(key),
    list: async ({ prefix = '' } = {}) => ({
      entries: [...values].filter(([key]) => key.startsWith(prefix)).map(([key, { length }]) => ({ key, sizeBytes: length, expiresAt: undefined })),
      nextCursor: undefined,
    }),
    compareAndSet: async (key, _expected, value) => {
      const swapped = !values.has(key);
      if (swapped) values.set(key, Buffer.from(value));
      return { swapped, current: values.get(key) };
    },
  };
  return kv as KeyValueStore;
}
