import type { Judge } from './judge';
import type { RedisPointer, RedisSource } from './redis-source';
import type { RefusedBody } from './refused-body';
import type { SnapshotConsumer, SnapshotOutcome } from './snapshot-consumer';
import { tagOf } from './snapshot-tag';

/** Enough for every delta that Redis keeps; a longer chain is somebody's joke. */
const MAX_STEPS = 2_000;

/** Brings what is in force to what Redis has: by the deltas that follow it, or by a checkpoint and the deltas after that. */
export class RedisSync {
  constructor(
    private readonly redis: RedisSource,
    private readonly consumer: Pick<SnapshotConsumer, 'applied'>,
    private readonly refused: RefusedBody,
    private readonly judge: Judge,
  ) {}

  /** `current`: what Redis points at is in force. Throws when Redis is out of reach. */
  async run(): Promise<'current' | 'nothing'> {
    if (this.judge.budget.pauseMs() > 0) return 'nothing';
    const pointer = await this.redis.pointer();
    if (!pointer) return 'nothing';
    if (this.isInForce(pointer)) return 'current';
    const tag = tagOf(pointer);
    if (this.refused.is(tag)) return 'nothing';
    const outcome = await this.reach(pointer);
    if (outcome === 'refused') this.refused.remember(tag);
    return this.isInForce(pointer) ? 'current' : 'nothing';
  }

  private async reach(pointer: RedisPointer): Promise<SnapshotOutcome> {
    const followed = await this.follow(pointer);
    if (this.isBehind(pointer)) return followed;
    if (pointer.checkpoint === undefined) return this.format1(pointer);
    const applied = this.consumer.applied();
    // A checkpoint that is older leads nowhere.
    if (applied?.epoch === pointer.epoch && pointer.checkpoint < applied.revision) return followed;
    const index = await this.redis.index(pointer.epoch, pointer.checkpoint);
    if (!index) return 'incomplete';
    const outcome = await this.judge.checkpoint(index, async (_prefix, nodeValue) => this.redis.chunk(nodeValue));
    return outcome === 'applied' ? this.follow(pointer) : outcome;
  }

  private async follow(pointer: RedisPointer): Promise<SnapshotOutcome> {
    let outcome: SnapshotOutcome = 'unchanged';
    for (let step = 0; step < MAX_STEPS; step++) {
      const applied = this.consumer.applied();
      if (applied && (applied.epoch !== pointer.epoch || applied.revision >= pointer.revision)) return outcome;
      const delta = await this.redis.delta(pointer.epoch, applied?.revision ?? null);
      if (!delta) return 'gap';
      outcome = await this.judge.delta(delta);
      if (outcome !== 'applied') return outcome;
    }
    return 'gap';
  }

  private async format1(pointer: RedisPointer): Promise<SnapshotOutcome> {
    const body = await this.redis.body(pointer);
    return body ? this.judge.body(body) : 'gap';
  }

  // It may be late, since the studio answers before it publishes, or played back. Neither is a reason to do anything.
  private isBehind({ epoch, revision, root }: RedisPointer): boolean {
    const applied = this.consumer.applied();
    return applied?.epoch === epoch && (applied.revision > revision || (applied.revision === revision && applied.root === root));
  }

  private isInForce({ epoch, revision, root }: RedisPointer): boolean {
    const applied = this.consumer.applied();
    return applied !== undefined && applied.epoch === epoch && applied.revision === revision && applied.root === root;
  }
}
