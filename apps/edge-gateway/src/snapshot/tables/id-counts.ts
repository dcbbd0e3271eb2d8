const FIRST_SLOTS = 4_096;
/** Of all slots, so many may be taken. */
const LOAD = 0.5;
/** The golden ratio of 2^32, which spreads what lies together. */
const SPREAD = 0x9e3779b1;

/** How often each id occurred; ids are uint32, and never 0. In two arrays of numbers, which the garbage collector does not walk through. */
export class IdCounts {
  private ids = new Uint32Array(FIRST_SLOTS);
  private counts = new Uint32Array(FIRST_SLOTS);
  private size = 0;

  get(id: number): number {
    return this.counts[this.slot(id)]!;
  }

  /** @returns how often it has occurred now. */
  add(id: number): number {
    if (this.size >= this.ids.length * LOAD) this.grow();
    const slot = this.slot(id);
    if (this.ids[slot] === 0) this.size++;
    this.ids[slot] = id;
    return ++this.counts[slot]!;
  }

  *entries(): Generator<[id: number, count: number]> {
    for (let slot = 0; slot < this.ids.length; slot++) if (this.ids[slot] !== 0) yield [this.ids[slot]!, this.counts[slot]!];
  }

  /** Where an id is, or would be. */
  private slot(id: number): number {
    const mask = this.ids.length - 1;
    let slot = Math.imul(id, SPREAD) >>> (Math.clz32(this.ids.length) + 1);
    while (this.ids[slot] !== id && this.ids[slot] !== 0) slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    const { ids, counts } = this;
    this.ids = new Uint32Array(ids.length * 4);
    this.counts = new Uint32Array(ids.length * 4);
    for (let old = 0; old < ids.length; old++) {
      if (ids[old] === 0) continue;
      const slot = this.slot(ids[old]!);
      this.ids[slot] = ids[old]!;
      this.counts[slot] = counts[old]!;
    }
  }
}
