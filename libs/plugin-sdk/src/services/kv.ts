import { status } from '@grpc/grpc-js';

/** The calls that both runtimes offer under the same names. */
export interface KvCalls {
  readPluginKV(request: { key: string }): Promise<{ value: Buffer }>;
  writePluginKV(request: { key: string; value: Buffer; expireAt?: Date }): Promise<{ created: boolean }>;
  deletePluginKV(request: { key: string }): Promise<{ deleted: boolean }>;
  listPluginKV(request: { prefix: string; cursor: string; limit: number }): Promise<{ entries: { key: string; sizeBytes: bigint; expireAt: Date | undefined }[]; nextCursor: string }>;
  compareAndSetPluginKV(request: { key: string; expected?: Buffer; value: Buffer; expireAt?: Date }): Promise<{ swapped: boolean; current?: Buffer | undefined }>;
}

export interface KvSetOptions {
  /** From now; without it the value stays. */
  ttlMs?: number;
}

export interface KvListOptions {
  /** Only keys that begin with this. Default: all. */
  prefix?: string;
  /** The `nextCursor` of the page before. */
  cursor?: string;
  /** At most 1000. Default: 100. */
  limit?: number;
}

export interface KvEntry {
  key: string;
  /** Of the value. */
  sizeBytes: number;
  /** Undefined: it stays. */
  expiresAt: Date | undefined;
}

export interface KvPage {
  /** In the order of their keys' bytes. */
  entries: KvEntry[];
  /** Undefined on the last page. */
  nextCursor: string | undefined;
}

export interface KvSwap {
  swapped: boolean;
  /** What the key has now; undefined when it is not there. */
  current: Buffer | undefined;
}

/**
 * The plugin's own key-value storage on its host: on the studio in the database, on a gateway on the disk of that gateway alone. What
 * `set` has resolved for is still there after a crash. Needs the scope `kv.readwrite`.
 */
export interface KeyValueStore {
  /** Undefined when the key is missing or has expired. */
  get(key: string): Promise<Buffer | undefined>;
  getJson<T>(key: string): Promise<T | undefined>;
  set(key: string, value: Uint8Array | string, options?: KvSetOptions): Promise<void>;
  setJson(key: string, value: unknown, options?: KvSetOptions): Promise<void>;
  /** Whether there was something to delete. */
  delete(key: string): Promise<boolean>;
  /** Throws a sentence on a host that cannot list: this is an addition of Sluice to the protocol. */
  list(options?: KvListOptions): Promise<KvPage>;
  /**
   * Writes when the key has the value `expected`, or, for undefined, when it is not there: one of several that try wins. Throws a
   * sentence on a host that cannot do it: this is an addition of Sluice to the protocol.
   */
  compareAndSet(key: string, expected: Uint8Array | string | undefined, value: Uint8Array | string, options?: KvSetOptions): Promise<KvSwap>;
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
    await this.calls().writePluginKV({ key, value: Buffer.from(value), expireAt: this.expiry(options) });
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

  async list({ prefix = '', cursor = '', limit = 0 }: KvListOptions = {}): Promise<KvPage> {
    const { entries, nextCursor } = await explained('list keys', this.calls().listPluginKV({ prefix, cursor, limit }));
    return { entries: entries.map(({ key, sizeBytes, expireAt }) => ({ key, sizeBytes: Number(sizeBytes), expiresAt: expireAt })), nextCursor: nextCursor || undefined };
  }

  async compareAndSet(key: string, expected: Uint8Array | string | undefined, value: Uint8Array | string, options: KvSetOptions = {}): Promise<KvSwap> {
    const request = { key, expected: expected === undefined ? undefined : Buffer.from(expected), value: Buffer.from(value), expireAt: this.expiry(options) };
    const { swapped, current } = await explained('compare and set keys', this.calls().compareAndSetPluginKV(request));
    return { swapped, current };
  }

  private expiry({ ttlMs }: KvSetOptions): Date | undefined {
    return ttlMs === undefined ? undefined : new Date(this.now() + ttlMs);
  }
}

/** Hosts of others, and ours of before, do not have every call. */
async function explained<T>(what: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === status.UNIMPLEMENTED) throw new Error(`The host of this plugin cannot ${what}.`, { cause });
    throw cause;
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === status.NOT_FOUND;
}
