import { Injectable } from '@nestjs/common';
import type { RecordName } from '@sluice/config-snapshot';
import type { EntityManager } from 'typeorm';
import { RecordSources } from '../record-sources';
import { RecordStore, type RevisionOf } from '../storage/record-store';
import { nameText, toVersion } from '../storage/record-version';
import { recordChanges, type RecordChanges } from './record-changes';
import type { RevisionDraft } from './revision-draft';
import { SnapshotChecks } from './snapshot-checks';

/** Turns what writes have touched into versions of records. */
@Injectable()
export class PendingChanges {
  constructor(
    private readonly sources: RecordSources,
    private readonly records: RecordStore,
    private readonly checks: SnapshotChecks,
  ) {}

  /** What a namespace stands at, built or not; undefined when nobody knows it. */
  async position(tx: EntityManager, namespace: string): Promise<RevisionOf | undefined> {
    const rows: { revision: string; epoch: string }[] = await tx.query('SELECT revision, epoch FROM snapshot_namespaces, snapshot_epoch WHERE namespace = $1', [namespace]);
    return rows[0] && { namespace, epoch: rows[0].epoch, revision: Number(rows[0].revision) };
  }

  /** Looks at the records that were touched, and at no others. */
  async writeTouched(tx: EntityManager, at: RevisionOf, draft: RevisionDraft): Promise<void> {
    const names = await takeTouched(tx, at.namespace);
    const sourced = await this.sources.some(tx, at.namespace, names);
    this.checks.schema(sourced);
    const changes = recordChanges(sourced.map(toVersion), await this.records.openHashes(tx, at, names));
    await this.write(tx, at, draft, changes);
    await this.checks.changed(tx, at, changes);
  }

  /** Looks at every record. */
  async writeAll(tx: EntityManager, at: RevisionOf, draft: RevisionDraft): Promise<void> {
    await takeTouched(tx, at.namespace);
    const left = await this.records.allOpenHashes(tx, at);
    const references = new Map<string, string | null>();
    for await (const page of this.sources.all(tx, at.namespace)) {
      this.checks.schema(page);
      const versions = page.map(toVersion);
      for (const version of versions) references.set(nameText(version), version.refersTo);
      await this.write(tx, at, draft, recordChanges(versions, takeAll(left, versions.map(nameText))));
    }
    await this.write(tx, at, draft, recordChanges([], left));
    await this.checks.whole(tx, at, references);
  }

  private async write(tx: EntityManager, at: RevisionOf, draft: RevisionDraft, changes: RecordChanges): Promise<void> {
    await this.records.close(tx, at, changes.closed);
    await this.records.open(tx, at, changes.opened);
    draft.apply(changes);
  }
}

/** What is committed after this transaction's view stays for the next one. */
async function takeTouched(tx: EntityManager, namespace: string): Promise<RecordName[]> {
  const [rows]: [RecordName[], number] = await tx.query('DELETE FROM snapshot_changes WHERE namespace = $1 RETURNING kind, record_id AS id', [namespace]);
  return [...new Map(rows.map((row) => [nameText(row), row])).values()];
}

/** Those of the entries that are there, which then are no longer. */
function takeAll(entries: Map<string, Buffer>, names: readonly string[]): Map<string, Buffer> {
  const taken = new Map<string, Buffer>();
  for (const name of names) {
    const value = entries.get(name);
    if (value && entries.delete(name)) taken.set(name, value);
  }
  return taken;
}
