import { Injectable } from '@nestjs/common';
import { pageOf, readCursor, type Page } from '../../../http/pagination';
import type { RequestContext } from '../../../http/request-context';
import { snapshotServiceErrors } from '../snapshot-errors';
import { RecordStore } from '../storage/record-store';
import { RevisionStore } from '../storage/revision-store';
import type { StoredRevision } from '../storage/stored-revision';
import { readNameCursor, writeNameCursor } from './name-cursor';
import { recordDifference, type RecordDifference } from './record-difference';
import type { RevisionDetails } from './revision-details';
import type { DiffQuery, SnapshotsQuery } from './snapshot.schema';

/** What snapshots there are, and how they differ. */
@Injectable()
export class SnapshotCatalogService {
  constructor(
    private readonly revisions: RevisionStore,
    private readonly records: RecordStore,
  ) {}

  async list(_ctx: RequestContext, { namespace, limit, cursor }: SnapshotsQuery): Promise<Page<StoredRevision>> {
    const before = cursor === undefined ? undefined : readCursor(cursor);
    return pageOf(await this.revisions.list(namespace, { before, limit: limit + 1 }), limit, ({ revision }) => revision);
  }

  async get(_ctx: RequestContext, namespace: string, revision: number): Promise<RevisionDetails> {
    const stored = await this.find(namespace, revision);
    const newest = await this.revisions.newest(namespace);
    return { stored, kinds: await this.records.countByKind(stored), isNewest: newest?.revision === revision };
  }

  async diff(_ctx: RequestContext, { namespace, from, to, limit, cursor }: DiffQuery): Promise<Page<RecordDifference>> {
    const before = await this.find(namespace, from);
    const after = await this.find(namespace, to);
    const texts = await this.records.differences(before, after.revision, { after: cursor === undefined ? undefined : readNameCursor(cursor), limit: limit + 1 });
    const items = texts.slice(0, limit).map(recordDifference);
    return { items, nextCursor: texts.length > limit ? writeNameCursor(items.at(-1)!) : null };
  }

  /** @throws snapshots.unknownRevision, which names the nearest ones: several writes may have become one revision. */
  async find(namespace: string, revision: number): Promise<StoredRevision> {
    const stored = await this.revisions.get(namespace, revision);
    if (stored) return stored;
    const [older] = await this.revisions.list(namespace, { before: revision, limit: 1 });
    const detail = older && `There is no snapshot of revision ${revision}; the one before it is ${older.revision}.`;
    throw new snapshotServiceErrors.unknownRevision({ namespace, revision }, { detail });
  }
}
