import { status } from '@grpc/grpc-js';

/** The calls that both runtimes offer under the same names. */
export interface KvCalls {
  readPluginKV(request: { key: string }): Promise<{ value: Buffer }>;
  writePluginKV(request: { key: string; value: Buffer; expireAt?: Date }): Promise<{ created: boolean }>;
  deletePluginKV(request: { key: string }): Promise<{ deleted: boolean }>;
}

export interface KvSetOptions {
  /** From now; without it the value stays. */
  ttlMs?: number;
}

/**
 * The plugin's own key-value storage on its host. On the studio it is in the database; on a gateway it is in the memory of that
 * gateway. Needs the scope `kv.readwrite`.
 */
export interface KeyValueStore {
  /** Undefined when the key is missing or has expired. */
  get(key: string): Promise<Buffer | undefined>;
  getJson<T>(key: string): Promise<T | undefined>;
  set(key: string, value: Uint8Array | string, options?: KvSetOptions): Promise<void>;
  setJson(key: string, value: unknown, options?: KvSetOptions): Promise<void>;
  /** Whether there was something to delete. */
  delete(key: string): Promise<boolean>;
}

export class HostKeyValueStore implements KeyValueStore {
  constructor(
    private readonly calls: () => KvCalls,
    private readonly now: () => number = Date.now,
  ) {}

  async get(key: string): Promise<Buffer | undefined> {
    try {
      return (await this.calls().readPluginKV({ key })).value;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async getJson<T>(key: string): Promise<T | undefined> {
    const value = await this.get(key);
    return value && (JSON.parse(value.toString('utf8')) as T);
  }

  async set(key: string, value: Uint8Array | string, options: KvSetOptions = {}): Promise<void> {
    const expireAt = options.ttlMs === undefined ? undefined : new Date(this.now() + options.ttlMs);
    await this.calls().writePluginKV({ key, value: Buffer.from(value), expireAt });
  }

  setJson(key: string, value: unknown, options?: KvSetOptions): Promise<void> {
    return this.set(key, JSON.stringify(value), options);
  }

  async delete(key: string): Promise<boolean> {
    try {
      return (await this.calls().deletePluginKV({ key })).deleted;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === status.NOT_FOUND;
}
