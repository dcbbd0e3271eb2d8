import { Injectable } from '@nestjs/common';
import { checkRecord, type RecordName } from '@sluice/config-snapshot';
import { isSluiceError, type Fault } from '@sluice/kernel';
import { DataSource, type EntityManager } from 'typeorm';
import { httpErrors } from '../../../http/errors';
import type { RequestContext } from '../../../http/request-context';
import { recordChanges, type RecordChanges } from '../building/record-changes';
import { RevisionBuilder } from '../building/revision-builder';
import { SnapshotChecks } from '../building/snapshot-checks';
import { RecordSources } from '../record-sources';
import { SnapshotRestorer } from '../restoring/snapshot-restorer';
import { RecordStore, type TwoTexts } from '../storage/record-store';
import { nameText, toVersion, type RecordVersion } from '../storage/record-version';
import type { StoredRevision } from '../storage/stored-revision';
import { consequencesOf, tokensLost, type Consequences } from './consequences';
import { rehearse } from './rehearse';
import { SnapshotCatalogService } from './snapshot-catalog.service';
import type { PlanBody } from './snapshot-plan.schema';

export interface SnapshotPlan extends Consequences {
  newest: StoredRevision;
  changes: TwoTexts[];
  /** Why gateways would refuse it. */
  faults: readonly Fault[];
}

type Proposal = { versions: RecordVersion[]; names: readonly RecordName[] };

/** Says what a change would mean before anybody makes it: it is made for real, in a transaction that is rolled back. */
@Injectable()
export class SnapshotPlanService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly builder: RevisionBuilder,
    private readonly catalog: SnapshotCatalogService,
    private readonly restorer: SnapshotRestorer,
    private readonly sources: RecordSources,
    private readonly records: RecordStore,
    private readonly checks: SnapshotChecks,
  ) {}

  async plan(ctx: RequestContext, body: PlanBody): Promise<SnapshotPlan> {
    const newest = await this.builder.current(body.namespace);
    if (!('restore' in body)) {
      checkSchemas(body.upserts);
      const versions = body.upserts.map((record) => toVersion({ record, ...(record.kind === 'token' && { refersTo: { kind: 'app', id: record.data.app_id } }) }));
      return rehearse(this.dataSource, (tx) => this.judge(tx, newest, { versions, names: [...body.deletes, ...versions.map(({ kind, id }) => ({ kind, id }))] }));
    }
    const to = (await this.catalog.get(ctx, body.namespace, body.restore)).stored;
    return rehearse(this.dataSource, async (tx) => {
      await this.restorer.restore(tx, ctx, to, newest);
      const names: RecordName[] = await tx.query('SELECT DISTINCT kind, record_id AS id FROM snapshot_changes WHERE namespace = $1', [body.namespace]);
      const versions = (await this.sources.some(tx, body.namespace, names)).map(toVersion);
      return this.judge(tx, newest, { versions, names });
    });
  }

  /** Writes the proposal over the newest snapshot and looks at what comes of it. */
  private async judge(tx: EntityManager, newest: StoredRevision, { versions, names }: Proposal): Promise<SnapshotPlan> {
    const at = { ...newest, revision: newest.revision + 1 };
    const changes = recordChanges(versions, await this.records.openHashes(tx, newest, names));
    await this.records.close(tx, at, changes.closed);
    await this.records.open(tx, at, changes.opened);
    const texts = await this.records.differences(newest, at.revision, { after: undefined, limit: changes.opened.length + changes.deleted.length }, tx);
    const left = await this.records.tokensOf(tx, at, [...tokensLost(texts).keys()]);
    return { newest, changes: texts, faults: await this.faults(tx, at, changes), ...consequencesOf(texts, left) };
  }

  private async faults(tx: EntityManager, at: StoredRevision, changes: RecordChanges): Promise<readonly Fault[]> {
    try {
      await this.checks.changed(tx, at, changes);
      return [];
    } catch (error) {
      if (!isSluiceError(error)) throw error;
      return error.faults.length > 0 ? error.faults : [{ pointer: '', message: error.message }];
    }
  }
}

function checkSchemas(upserts: Parameters<typeof checkRecord>[0][]): void {
  const faults: Fault[] = [];
  for (const [index, record] of upserts.entries()) {
    try {
      checkRecord(record);
    } catch (error) {
      if (!isSluiceError(error)) throw error;
      const own = `/records/${nameText(record).replace(' ', '/')}`;
      faults.push(...error.faults.map(({ pointer, message }) => ({ pointer: `/upserts/${index}${pointer.slice(own.length)}`, message })));
    }
  }
  if (faults.length > 0) throw new httpErrors.invalidRequest({}, { faults });
}
