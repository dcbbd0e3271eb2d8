/** Where each part of a converted document stood in the one that its author wrote, so that findings point into the latter. */
export class Origins {
  private readonly written = new Map<string, string>();

  /** What is found at or below `converted` is reported at or below `written`. */
  note(converted: string, written: string): void {
    this.written.set(converted, written);
  }

  /** The pointer into the author's document. What was not moved stands where it stood. */
  of(pointer: string): string {
    for (let end = pointer.length; end > 0; end = pointer.lastIndexOf('/', end - 1)) {
      const written = this.written.get(pointer.slice(0, end));
      if (written !== undefined) return written + pointer.slice(end);
    }
    return pointer;
  }
}
