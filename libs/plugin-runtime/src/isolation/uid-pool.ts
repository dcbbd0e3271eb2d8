import type { UidRange } from '../host/plugin-host-policy';
import { StartFailure } from '../launch/start-failure';

/** Gives each plugin a user id that no other plugin of this process has while it is in use. */
export class UidPool {
  private readonly holders = new Map<string, { uid: number; count: number }>();

  constructor(private readonly range: UidRange) {}

  /** The same for every generation of one plugin. Throws {@link StartFailure} when all are taken. */
  acquire(holder: string): number {
    const held = this.holders.get(holder);
    if (held) {
      held.count += 1;
      return held.uid;
    }
    const uid = this.free();
    this.holders.set(holder, { uid, count: 1 });
    return uid;
  }

  release(holder: string): void {
    const held = this.holders.get(holder);
    if (!held) return;
    held.count -= 1;
    if (held.count === 0) this.holders.delete(holder);
  }

  private free(): number {
    const taken = new Set([...this.holders.values()].map(({ uid }) => uid));
    for (let uid = this.range.first; uid <= this.range.last; uid += 1) {
      if (!taken.has(uid)) return uid;
    }
    throw new StartFailure(`Every user id of PLUGIN_UID_RANGE (${this.range.first}-${this.range.last}) is taken by a plugin; make the range larger.`);
  }
}

const pools = new Map<string, UidPool>();

/** The one of this process for a range: whoever inspects a plugin must not give it the user of one that runs. */
export function uidPoolOf(range: UidRange): UidPool {
  const name = `${range.first}-${range.last}`;
  const pool = pools.get(name) ?? new UidPool(range);
  pools.set(name, pool);
  return pool;
}
