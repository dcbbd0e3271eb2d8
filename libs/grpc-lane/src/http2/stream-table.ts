const FIRST_SLOTS = 8;
/** So many are kept once they are there, so that calls that come in bursts do not make a table each time. */
const KEPT_SLOTS = 1_024;
/** Spreads ids that follow one another, of which the oldest may stay for long: 2^32 divided by the golden ratio. A client that picks its ids against it only slows the plugin that serves it. */
const SPREAD = 0x9e3779b1;

/**
 * The open streams of a connection by their ids.
 *
 * Not a Map: when V8 makes the table of a Map anew, which it does each time that as many entries were added as it has room for, it leaves in the old
 * table a pointer to the new one. Once a collection has found an old table among the living, everything that ever was in a later one counts as alive too, until
 * the old generation is collected as a whole: with tens of thousands of calls a second that is their requests and answers.
 */
export class StreamTable<Stream extends { readonly streamId: number }> {
  private slots: (Stream | undefined)[] = [];
  private shift = 0;
  private count = 0;

  constructor() {
    this.resize(FIRST_SLOTS);
  }

  get size(): number {
    return this.count;
  }

  get(streamId: number): Stream | undefined {
    return this.slots[this.slotOf(streamId)];
  }

  /** Its id is that of no other. */
  add(stream: Stream): void {
    if (2 * (this.count + 1) > this.slots.length) this.resize(2 * this.slots.length);
    this.slots[this.slotOf(stream.streamId)] = stream;
    this.count += 1;
  }

  /** Harmless for an id that is not in it. */
  delete(streamId: number): void {
    const slot = this.slotOf(streamId);
    if (this.slots[slot] === undefined) return;
    this.count -= 1;
    this.free(slot);
    if (this.slots.length > KEPT_SLOTS && 8 * this.count < this.slots.length) this.resize(this.slots.length / 2);
  }

  clear(): void {
    this.slots = [];
    this.count = 0;
    this.resize(FIRST_SLOTS);
  }

  /** All that are in it now, in no order. */
  list(): Stream[] {
    return this.slots.filter((stream) => stream !== undefined);
  }

  /** Where it is, or else the free slot where it would be. */
  private slotOf(streamId: number): number {
    const last = this.slots.length - 1;
    let slot = this.homeOf(streamId);
    for (let there = this.slots[slot]; there !== undefined && there.streamId !== streamId; there = this.slots[slot]) slot = (slot + 1) & last;
    return slot;
  }

  private homeOf(streamId: number): number {
    return Math.imul(streamId, SPREAD) >>> this.shift;
  }

  /** Moves up those that would be here if they had found it free. */
  private free(gap: number): void {
    const { slots } = this;
    const last = slots.length - 1;
    let slot = (gap + 1) & last;
    for (let there = slots[slot]; there !== undefined; there = slots[slot]) {
      // How far it is from where it would be best, and how far from the gap.
      if (((slot - this.homeOf(there.streamId)) & last) >= ((slot - gap) & last)) {
        slots[gap] = there;
        gap = slot;
      }
      slot = (slot + 1) & last;
    }
    slots[gap] = undefined;
  }

  private resize(slots: number): void {
    const streams = this.list();
    this.slots = new Array<Stream | undefined>(slots).fill(undefined);
    this.shift = 32 - Math.log2(slots);
    for (const stream of streams) this.slots[this.slotOf(stream.streamId)] = stream;
  }
}
