import { Injectable } from '@nestjs/common';
import { encodeIndex } from '@sluice/config-snapshot';
import { snapshotKeys, SnapshotPublisher } from '@sluice/edge-link';
import { DataSource } from 'typeorm';
import { KeyedTurns } from '../building/keyed-turns';
import { SnapshotTrees } from '../building/snapshot-trees';
import { SnapshotRedis } from '../snapshot-redis';
import { RecordStore } from '../storage/record-store';
import { RevisionStore } from '../storage/revision-store';
import type { StoredRevision } from '../storage/stored-revision';

/** How many deltas a gateway that comes back may have to follow, and how much of them. Redis keeps 1,000 and 16 MiB. */
const MAX_DELTAS = 256;
const MAX_DELTA_BYTES = 1_048_576;
/** A checkpoint that lacks anything is renewed after this. */
const MAX_AGE_SECONDS = 30;

/** The whole of snapshots in Redis, for gateways that start or were away for long. Never on the way of a change. */
@Injectable()
export class Checkpoints {
  private readonly turns = new KeyedTurns();

  constructor(
    private readonly dataSource: DataSource,
    private readonly revisions: RevisionStore,
    private readonly records: RecordStore,
    private readonly trees: SnapshotTrees,
    private readonly redis: SnapshotRedis,
  ) {}

  /** Writes what Redis lacks of a revision; all of it with `rewrite`. */
  async write(publisher: SnapshotPublisher, stored: StoredRevision, options: { rewrite?: boolean } = {}): Promise<'published' | 'superseded'> {
    const tree = await this.trees.of(this.dataSource.manager, stored);
    // One query at a time, and connections stay for others.
    const chunk = (prefix: number): Promise<Buffer> => this.turns.take('chunk', () => this.records.chunk(stored, prefix));
    return publisher.publishCheckpoint({ signed: stored.signed, index: encodeIndex(stored.signed, tree), chunk }, options);
  }

  /** Whether so much was published since the newest checkpoint that it is time for another one. */
  async due(newest: StoredRevision): Promise<boolean> {
    const [epoch, checkpoint] = (await this.redis.redis?.hmget(snapshotKeys(newest.namespace).pointer, 'epoch', 'checkpoint')) ?? [];
    if (epoch !== newest.epoch || !checkpoint || Number(checkpoint) >= newest.revision) return false;
    const { count, bytes, ageSeconds } = await this.revisions.since(newest, Number(checkpoint));
    return count > MAX_DELTAS || bytes > MAX_DELTA_BYTES || ageSeconds > MAX_AGE_SECONDS;
  }
}
