import { Inject, Injectable } from '@nestjs/common';
import { isSluiceError, type Clock } from '@sluice/kernel';
import type { Logger } from 'pino';
import { DataSource, type EntityManager } from 'typeorm';
import { StudioConfig } from '../../../config';
import { CLOCK, LOGGER } from '../../../process.module';
import { snapshotServiceErrors } from '../snapshot-errors';
import { RecordStore, type RevisionOf } from '../storage/record-store';
import { RevisionStore } from '../storage/revision-store';
import type { StoredRevision } from '../storage/stored-revision';
import { inTurn } from './in-turn';
import { KeyedTurns } from './keyed-turns';
import { PendingChanges } from './pending-changes';
import { RevisionDraft } from './revision-draft';
import { SnapshotTrees } from './snapshot-trees';

const MANY = 1_000;

/** Builds and signs the snapshot of what is committed now, from the one before it and what was touched since. */
@Injectable()
export class RevisionBuilder {
  private readonly turns = new KeyedTurns();

  constructor(
    private readonly dataSource: DataSource,
    private readonly revisions: RevisionStore,
    private readonly records: RecordStore,
    private readonly pending: PendingChanges,
    private readonly trees: SnapshotTrees,
    private readonly config: StudioConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** The newest revision of a namespace: the stored one, or a new one. */
  async current(namespace: string): Promise<StoredRevision> {
    const position = await this.pending.position(this.dataSource.manager, namespace);
    if (!position) throw new snapshotServiceErrors.unknownNamespace({ namespace });
    const stored = await this.revisions.newest(namespace);
    return stored && stored.revision >= position.revision ? stored : this.turns.take(namespace, () => this.build(namespace));
  }

  private async build(namespace: string): Promise<StoredRevision> {
    // One view of the database for revision and records: what is signed as revision 7 is what was committed as revision 7.
    const { stored, draft } = await inTurn(this.dataSource, 'snapshot-build', namespace, async (tx) => {
      const position = await this.pending.position(tx, namespace);
      if (!position) throw new snapshotServiceErrors.unknownNamespace({ namespace });
      const before = await this.revisions.newest(namespace, tx);
      return before && before.revision >= position.revision ? { stored: before, draft: undefined } : this.add(tx, position, before);
    });
    // Only now, when it is certain that it was committed.
    if (draft) this.trees.keep(stored, draft.tree);
    if (draft && stored.upserts > MANY) await this.records.analyze();
    return stored;
  }

  private async add(tx: EntityManager, position: RevisionOf, before: StoredRevision | undefined): Promise<{ stored: StoredRevision; draft: RevisionDraft }> {
    const draft = before ? await this.next(tx, position, before) : await this.first(tx, position);
    const { revision, delta } = draft.finish(new Date(this.clock.now()), this.config.snapshotSigningKey);
    return { stored: await this.revisions.add(tx, revision, delta), draft };
  }

  private async first(tx: EntityManager, position: RevisionOf): Promise<RevisionDraft> {
    const draft = new RevisionDraft(position, undefined);
    await this.pending.writeAll(tx, position, draft);
    return draft;
  }

  private async next(tx: EntityManager, position: RevisionOf, { revision, ...before }: StoredRevision): Promise<RevisionDraft> {
    const tree = await this.trees.of(tx, { revision, ...before });
    try {
      const draft = new RevisionDraft(position, { revision, tree });
      await tx.transaction((savepoint) => this.pending.writeTouched(savepoint, position, draft));
      return draft;
    } catch (error) {
      if (!isSluiceError(error)) throw error;
      // A write that did not say all that it touched: the whole is looked at before anybody is told that it cannot be published.
      this.logger.warn({ event: 'snapshot.touched_incomplete', namespace: position.namespace, revision: position.revision, err: error });
      const draft = new RevisionDraft(position, { revision, tree });
      await this.pending.writeAll(tx, position, draft);
      return draft;
    }
  }
}
