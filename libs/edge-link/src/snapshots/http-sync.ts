import { INDEX_BYTES } from '@sluice/config-snapshot';
import type { HttpSource } from './http-source';
import type { Judge } from './judge';
import { peekIndexHeader } from './peek-index-header';
import type { RefusedBody } from './refused-body';
import type { SnapshotConsumer, SnapshotOutcome } from './snapshot-consumer';
import { etagOf, type SnapshotIdentity } from './snapshot-tag';

/** Brings what is in force to what the studio has: by deltas, or by the chunks that differ. */
export class HttpSync {
  constructor(
    private readonly http: HttpSource,
    private readonly consumer: Pick<SnapshotConsumer, 'applied'>,
    private readonly refused: RefusedBody,
    private readonly judge: Judge,
  ) {}

  /**
   * `confirmed`: the studio itself has said that what is in force is the newest. `waited`: and took its time for it.
   * Throws when the studio is out of reach.
   */
  async run(waitSeconds: number): Promise<'confirmed' | 'waited' | 'applied' | 'nothing'> {
    if (this.judge.budget.pauseMs() > 0) return 'nothing';
    const applied = this.consumer.applied();
    const answer = await this.http.newest({ current: applied && etagOf(applied), unwanted: this.refused.tag(), waitSeconds });
    if (answer.kind === 'unchanged') return answer.waited ? 'waited' : 'confirmed';
    if (answer.kind !== 'body') return 'nothing';
    const outcome = await this.take(answer.body);
    if (outcome === 'refused') this.refused.remember(answer.etag);
    return outcome === 'applied' ? 'applied' : outcome === 'unchanged' ? 'confirmed' : 'nothing';
  }

  private async take(body: Buffer): Promise<SnapshotOutcome> {
    const header = body.length < INDEX_BYTES ? undefined : peekIndexHeader(body);
    if (!header) return this.judge.body(body);
    if (await this.follow(header)) return 'applied';
    return this.judge.checkpoint(body, (prefix) => this.http.chunk(prefix, header.epoch, header.revision));
  }

  /** The header is only a hint: what is applied proves itself. */
  private async follow(header: SnapshotIdentity): Promise<boolean> {
    const applied = this.consumer.applied();
    if (!applied || applied.epoch !== header.epoch || applied.revision >= header.revision) return false;
    for (const delta of (await this.http.deltas(applied.epoch, applied.revision)) ?? []) {
      const outcome = await this.judge.delta(delta);
      if (outcome !== 'applied') return false;
    }
    return (this.consumer.applied()?.revision ?? -1) >= header.revision;
  }
}
