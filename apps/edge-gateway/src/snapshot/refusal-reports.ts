import { createHash } from 'node:crypto';
import { refusalOf, type SnapshotRefusal } from '@sluice/config-snapshot';
import type { Logger } from 'pino';
import type { SnapshotSource } from './gateway-state';
import type { SnapshotReporter } from './snapshot-reporter';

/** Tells of bytes that were refused, once: the same bad bytes come again on every poll. */
export class RefusalReports {
  private last = '';

  constructor(
    private readonly reporter: Pick<SnapshotReporter, 'refused'>,
    private readonly logger: Logger,
  ) {}

  /** @param labels what the bytes say of themselves, where the error does not */
  refused(error: unknown, bytes: Uint8Array, source: SnapshotSource, labels: Partial<SnapshotRefusal> = {}): SnapshotRefusal {
    const known = refusalOf(error);
    const refusal = known.epoch === '' ? { ...known, epoch: labels.epoch ?? '', revision: labels.revision ?? 0 } : known;
    const digest = createHash('sha256').update(bytes).digest('hex');
    if (digest === this.last) return refusal;
    this.last = digest;
    this.logger.error({ ...refusal, source, err: error }, 'snapshot refused');
    this.reporter.refused(refusal, source);
    return refusal;
  }

  /** Something was applied: the next refusal is news again. */
  forget(): void {
    this.last = '';
  }
}
