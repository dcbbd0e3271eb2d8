import type { LinkLogger } from '../link-logger';
import type { CostBudget } from './cost-budget';
import type { ChunkReader, SnapshotConsumer, SnapshotOutcome, SnapshotSource } from './snapshot-consumer';

/** Lets the consumer judge what one source brought, and charges the source for what was refused. */
export class Judge {
  constructor(
    private readonly source: SnapshotSource,
    private readonly consumer: SnapshotConsumer,
    readonly budget: CostBudget,
    private readonly logger: LinkLogger,
  ) {}

  delta(bytes: Buffer): SnapshotOutcome | Promise<SnapshotOutcome> {
    return this.judge(bytes.length, () => this.consumer.delta(bytes, this.source));
  }

  body(bytes: Buffer): SnapshotOutcome | Promise<SnapshotOutcome> {
    return this.judge(bytes.length, () => this.consumer.body(bytes, this.source));
  }

  checkpoint(index: Buffer, chunk: ChunkReader): SnapshotOutcome | Promise<SnapshotOutcome> {
    return this.judge(index.length, (count) =>
      this.consumer.checkpoint(index, this.source, async (prefix, nodeValue) => {
        const bytes = await chunk(prefix, nodeValue);
        count(bytes?.length ?? 0);
        return bytes;
      }),
    );
  }

  revocation(bytes: Buffer): void {
    void this.judge(bytes.length, () => this.consumer.revocation(bytes, this.source));
  }

  private judge(bytes: number, run: (count: (bytes: number) => void) => SnapshotOutcome | Promise<SnapshotOutcome>): SnapshotOutcome | Promise<SnapshotOutcome> {
    const start = performance.now();
    let total = bytes;
    const settle = (outcome: SnapshotOutcome): SnapshotOutcome => {
      if (outcome === 'refused') this.budget.wasted(performance.now() - start, total);
      return outcome;
    };
    try {
      const outcome = run((more) => (total += more));
      return typeof outcome === 'string' ? settle(outcome) : outcome.then(settle, (error: unknown) => settle(this.failed(error)));
    } catch (error) {
      return settle(this.failed(error));
    }
  }

  private failed(error: unknown): SnapshotOutcome {
    this.logger.error({ event: 'snapshot.failed', source: this.source, err: error }, 'a snapshot could not be judged');
    return 'refused';
  }
}
