import { ociErrors } from './oci-errors';
import type { OciLimits } from './oci-limits';

/** Counts what the layers of one plugin come to, and stops at the limits: an archive says little about what it unpacks to. */
export class UnpackBudget {
  private entries = 0;
  private bytes = 0;

  constructor(private readonly limits: Pick<OciLimits, 'entries' | 'unpackedBytes'>) {}

  takeEntry(): void {
    this.entries += 1;
    if (this.entries > this.limits.entries) this.exceed(`more than ${this.limits.entries} files and folders`);
  }

  takeBytes(count: number): void {
    this.bytes += count;
    if (this.bytes > this.limits.unpackedBytes) this.exceed(`more than ${this.limits.unpackedBytes} bytes`);
  }

  /** Whether this many bytes would still fit. Throws `oci.tooLarge` before they are read. */
  announce(count: number): void {
    if (this.bytes + count > this.limits.unpackedBytes) this.exceed(`more than ${this.limits.unpackedBytes} bytes`);
  }

  private exceed(what: string): never {
    throw new ociErrors.tooLarge({ ...this.limits }, { detail: `The plugin unpacks to ${what}, which is the most that this host takes.` });
  }
}
