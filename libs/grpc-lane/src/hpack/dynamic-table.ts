import type { HeaderField } from './header-field';

/** What an entry counts beside its name and value (RFC 7541, section 4.1). */
const ENTRY_OVERHEAD_BYTES = 32;

/** The fields that a peer has told this side to remember (RFC 7541, section 2.3.2), the newest first. */
export class DynamicTable {
  private entries: HeaderField[] = [];
  private bytes = 0;

  constructor(private maxBytes: number) {}

  /** How large it may be now. */
  get capacity(): number {
    return this.maxBytes;
  }

  /** Lets the oldest go until the rest fits (section 4.3). */
  resize(maxBytes: number): void {
    this.maxBytes = maxBytes;
    this.evict(maxBytes);
  }

  /** An entry that is larger than the table empties it and is not kept (section 4.4). */
  add(field: HeaderField): void {
    const bytes = sizeOf(field);
    this.evict(this.maxBytes - bytes);
    if (bytes > this.maxBytes) return;
    this.entries.unshift(field);
    this.bytes += bytes;
  }

  /** The newest has index 0. */
  at(index: number): HeaderField | undefined {
    return this.entries[index];
  }

  private evict(maxBytes: number): void {
    while (this.bytes > maxBytes && this.entries.length > 0) this.bytes -= sizeOf(this.entries.pop()!);
  }
}

/** Its size as HPACK and SETTINGS_MAX_HEADER_LIST_SIZE count it. */
export function sizeOf({ name, value }: HeaderField): number {
  return name.length + value.length + ENTRY_OVERHEAD_BYTES;
}
