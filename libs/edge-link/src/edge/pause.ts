/** A wait that can be cut short, also before it begins: what was missed while busy is not slept over. */
export class Pause {
  private ended = false;
  private wake: (() => void) | undefined;

  async wait(ms: number): Promise<void> {
    if (this.ended) {
      this.ended = false;
      return;
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = undefined;
  }

  end(): void {
    if (this.wake) this.wake();
    else this.ended = true;
  }
}
