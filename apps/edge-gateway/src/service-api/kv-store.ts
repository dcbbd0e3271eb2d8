import type { Clock } from '@sluice/kernel';
import { gatewayErrors } from './gateway-errors';

const MAX_KEY_BYTES = 1_024;
const MAX_VALUE_BYTES = 5 * 1_048_576;

interface Entry {
  value: Buffer;
  /** Milliseconds since the Unix epoch; `Infinity` for one that stays. */
  expiresAtMs: number;
}

interface Space {
  entries: Map<string, Entry>;
  bytes: number;
}

/** Keys and values of plugins, in memory: they outlive a plugin's process and not the gateway's. */
export class KvStore {
  private readonly spaces = new Map<number, Space>();

  constructor(
    private readonly clock: Clock,
    /** Of one plugin, keys and values together. */
    private readonly quotaBytes = 64 * 1_048_576,
  ) {}

  /** Returns true when the key is new. */
  write(pluginId: number, key: string, value: Buffer, expiresAtMs = Infinity): boolean {
    const keyBytes = Buffer.byteLength(key);
    if (keyBytes === 0 || keyBytes > MAX_KEY_BYTES) throw new gatewayErrors.badKey();
    if (value.length > MAX_VALUE_BYTES) throw new gatewayErrors.valueTooLarge();
    const space = this.space(pluginId);
    const before = this.entry(space, key);
    const growth = keyBytes + value.length - (before ? sizeOf(key, before) : 0);
    if (space.bytes + growth > this.quotaBytes) this.dropExpired(space);
    if (space.bytes + growth > this.quotaBytes) throw new gatewayErrors.quotaExceeded({ pluginId, bytes: space.bytes });
    space.bytes += growth;
    // A copy: the value may be a window into a much larger message.
    space.entries.set(key, { value: Buffer.from(value), expiresAtMs });
    return before === undefined;
  }

  /** @throws gatewayErrors.keyNotFound */
  read(pluginId: number, key: string): Buffer {
    const space = this.spaces.get(pluginId);
    const entry = space && this.entry(space, key);
    if (!entry) throw new gatewayErrors.keyNotFound();
    return entry.value;
  }

  /** Returns true when the key was there. */
  delete(pluginId: number, key: string): boolean {
    const space = this.spaces.get(pluginId);
    const entry = space && this.entry(space, key);
    if (!space || !entry) return false;
    this.drop(space, key, entry);
    return true;
  }

  /** Forgets the plugins that are no longer configured. */
  retain(pluginIds: ReadonlySet<number>): void {
    for (const id of this.spaces.keys()) if (!pluginIds.has(id)) this.spaces.delete(id);
  }

  private space(pluginId: number): Space {
    let space = this.spaces.get(pluginId);
    if (!space) this.spaces.set(pluginId, (space = { entries: new Map(), bytes: 0 }));
    return space;
  }

  private entry(space: Space, key: string): Entry | undefined {
    const entry = space.entries.get(key);
    if (!entry || entry.expiresAtMs > this.clock.now()) return entry;
    this.drop(space, key, entry);
    return undefined;
  }

  private dropExpired(space: Space): void {
    for (const key of space.entries.keys()) this.entry(space, key);
  }

  private drop(space: Space, key: string, entry: Entry): void {
    space.entries.delete(key);
    space.bytes -= sizeOf(key, entry);
  }
}

function sizeOf(key: string, entry: Entry): number {
  return Buffer.byteLength(key) + entry.value.length;
}
