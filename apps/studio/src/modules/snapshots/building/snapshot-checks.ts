import { Injectable } from '@nestjs/common';
import { checkRecord, snapshotErrors } from '@sluice/config-snapshot';
import type { EntityManager } from 'typeorm';
import type { SourcedRecord } from '../record-sources';
import { RecordStore, type RevisionOf } from '../storage/record-store';
import { nameText } from '../storage/record-version';
import type { RecordChanges } from './record-changes';

/** Keeps from being signed what every gateway would refuse. */
@Injectable()
export class SnapshotChecks {
  constructor(private readonly records: RecordStore) {}

  /** @throws snapshotErrors.badRecord */
  schema(sourced: readonly SourcedRecord[]): void {
    for (const { record } of sourced) checkRecord(record);
  }

  /**
   * Looks at what is stored, once changes are: at the whole, or only at what the changes can have broken.
   * @throws snapshotErrors.danglingReference or duplicateSlug
   */
  async references(tx: EntityManager, at: RevisionOf, changes?: RecordChanges): Promise<void> {
    const { epoch, revision } = at;
    const suspects = changes && [...changes.deleted.map(nameText), ...changes.opened.flatMap(({ refersTo }) => refersTo ?? [])];
    const [dangling] = suspects?.length === 0 ? [] : await this.records.dangling(tx, at, suspects);
    if (dangling) {
      throw new snapshotErrors.danglingReference({ epoch, revision, path: '' }, { detail: `Record ${dangling.name} refers to ${dangling.refersTo}, which is not in the snapshot.` });
    }
    if (changes && !changes.opened.some(({ kind }) => kind === 'plugin')) return;
    const [shared] = await this.records.sharedSlugs(tx, at);
    if (shared) throw new snapshotErrors.duplicateSlug({ epoch, revision, path: '' }, { detail: `Plugins ${shared.ids.join(' and ')} both have the slug ${JSON.stringify(shared.slug)}.` });
  }
}
