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
   * Looks at what the changes can have broken, once they are stored.
   * @throws snapshotErrors.danglingReference or duplicateSlug
   */
  async changed(tx: EntityManager, at: RevisionOf, changes: RecordChanges): Promise<void> {
    const suspects = [...changes.deleted.map(nameText), ...changes.opened.flatMap(({ refersTo }) => refersTo ?? [])];
    const [dangling] = suspects.length === 0 ? [] : await this.records.dangling(tx, at, suspects);
    if (dangling) throw danglingReference(at, dangling.name, dangling.refersTo);
    if (changes.opened.some(({ kind }) => kind === 'plugin')) await this.slugs(tx, at);
  }

  /**
   * Looks at all of a snapshot.
   * @param references by `nameText`, of every record, what it refers to or null.
   * @throws snapshotErrors.danglingReference or duplicateSlug
   */
  async whole(tx: EntityManager, at: RevisionOf, references: ReadonlyMap<string, string | null>): Promise<void> {
    for (const [name, refersTo] of references) if (refersTo !== null && !references.has(refersTo)) throw danglingReference(at, name, refersTo);
    await this.slugs(tx, at);
  }

  private async slugs(tx: EntityManager, at: RevisionOf): Promise<void> {
    const [shared] = await this.records.sharedSlugs(tx, at);
    const { epoch, revision } = at;
    if (shared) throw new snapshotErrors.duplicateSlug({ epoch, revision, path: '' }, { detail: `Plugins ${shared.ids.join(' and ')} both have the slug ${JSON.stringify(shared.slug)}.` });
  }
}

function danglingReference({ epoch, revision }: RevisionOf, name: string, refersTo: string): Error {
  return new snapshotErrors.danglingReference({ epoch, revision, path: '' }, { detail: `Record ${name} refers to ${refersTo}, which is not in the snapshot.` });
}
