import { Injectable } from '@nestjs/common';
import type { AppData, JsonObject, SnapshotRecord } from '@sluice/config-snapshot';
import type { EntityManager } from 'typeorm';
import type { RequestContext } from '../../../http/request-context';
import { AuditService } from '../../audit';
import { RecordStore, type RevisionOf, type RestorableTexts } from '../storage/record-store';
import { RecordRestorers, type NounToRestore } from './record-restorers';

/** Puts apps and plugins of a namespace back to how a snapshot has them. */
@Injectable()
export class SnapshotRestorer {
  constructor(
    private readonly records: RecordStore,
    private readonly restorers: RecordRestorers,
    private readonly audit: AuditService,
  ) {}

  /**
   * Writes the rows of every noun that is not as it was. Nouns of all namespaces are left as they are when one namespace is restored,
   * since others have them too. Tokens are not touched: a revoked one stays revoked, and one that was made since stays good.
   * @returns how many nouns were written.
   */
  async restore(tx: EntityManager, ctx: RequestContext, to: RevisionOf, newest: RevisionOf): Promise<number> {
    let written = 0;
    for (const kind of this.restorers.kinds) {
      const nouns = (await this.records.restorable(tx, to, newest.revision, kind)).filter((texts) => isToBeRestored(texts, to.namespace)).map(toNoun);
      await this.restorers.restore(tx, ctx, kind, nouns);
      written += nouns.length;
    }
    const { namespace, epoch, revision } = to;
    await this.audit.record(tx, ctx, { action: 'snapshot.restore', targetType: 'snapshot', targetId: `${namespace || 'default'}/${revision}`, changes: { namespace, epoch, revision, from: newest.revision, written } });
    return written;
  }
}

/** Whether it belongs to the namespace, and differs in more than when it was last changed. */
function isToBeRestored({ before, after }: RestorableTexts, namespace: string): boolean {
  const [was, is] = [readData(before), readData(after)];
  if ((was ?? is)?.['namespace'] !== namespace) return false;
  return JSON.stringify({ ...was, updated_at: 0 }) !== JSON.stringify({ ...is, updated_at: 0 });
}

function toNoun({ id, before, origin }: RestorableTexts): NounToRestore {
  return { id: Number(id), version: before === null ? null : { record: JSON.parse(before) as SnapshotRecord, origin } };
}

function readData(text: string | null): (Partial<AppData> & JsonObject) | undefined {
  return text === null ? undefined : (JSON.parse(text) as { data: JsonObject }).data;
}
