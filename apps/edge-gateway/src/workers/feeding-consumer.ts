import { openRevocation, type SnapshotTrust } from '@sluice/config-snapshot';
import type { ChunkReader, SnapshotConsumer, SnapshotIdentity, SnapshotOutcome, SnapshotSource } from '@sluice/edge-link';
import type { SnapshotFeed } from './snapshot-feed';

/** Passes on to the workers the tokens that are taken back ahead of their revision; revisions go by way of the store. */
export class FeedingConsumer implements SnapshotConsumer {
  constructor(
    private readonly applier: SnapshotConsumer,
    private readonly feed: Pick<SnapshotFeed, 'revoked'>,
    private readonly trust: SnapshotTrust,
  ) {}

  applied(): SnapshotIdentity | undefined {
    return this.applier.applied();
  }

  delta(bytes: Buffer, source: SnapshotSource): SnapshotOutcome | Promise<SnapshotOutcome> {
    return this.applier.delta(bytes, source);
  }

  checkpoint(index: Buffer, source: SnapshotSource, chunk: ChunkReader): Promise<SnapshotOutcome> {
    return this.applier.checkpoint(index, source, chunk);
  }

  body(bytes: Buffer, source: SnapshotSource): SnapshotOutcome | Promise<SnapshotOutcome> {
    return this.applier.body(bytes, source);
  }

  revocation(bytes: Buffer, source: SnapshotSource): 'applied' | 'unchanged' | 'refused' {
    const outcome = this.applier.revocation(bytes, source);
    if (outcome === 'applied') this.feed.revoked(openRevocation(bytes, this.trust), bytes);
    return outcome;
  }
}
