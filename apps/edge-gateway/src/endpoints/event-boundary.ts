const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** Two line ends have no more bytes than this. */
const LOOKED_AT = 4;

/** Knows whether an event stream, as far as it has been written, ends between two events: with an empty line, or before the first byte. */
export class EventBoundary {
  private lineEnds = 2;
  private last = LINE_FEED;

  get reached(): boolean {
    return this.lineEnds >= 2;
  }

  push(data: Uint8Array): void {
    const begin = Math.max(0, data.length - LOOKED_AT);
    if (begin > 0) {
      this.lineEnds = 0;
      this.last = 0;
    }
    for (let i = begin; i < data.length; i++) this.take(data[i]!);
  }

  private take(byte: number): void {
    if (byte === CARRIAGE_RETURN) this.lineEnds++;
    else if (byte !== LINE_FEED) this.lineEnds = 0;
    // Behind a carriage return it belongs to the same line end.
    else if (this.last !== CARRIAGE_RETURN) this.lineEnds++;
    this.last = byte;
  }
}
