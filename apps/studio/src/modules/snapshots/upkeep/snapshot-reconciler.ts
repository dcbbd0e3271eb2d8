import { Inject, Injectable } from '@nestjs/common';
import type { RecordName } from '@sluice/config-snapshot';
import type { Clock } from '@sluice/kernel';
import type { Logger } from 'pino';
import { DataSource, type EntityManager } from 'typeorm';
import { CLOCK, LOGGER } from '../../../process.module';
import { RecordSources } from '../record-sources';
import { RevisionService } from '../revision.service';
import { SnapshotOutbox } from '../storage/outbox';
import { RecordStore } from '../storage/record-store';
import { nameText, toName, toVersion } from '../storage/record-version';
import { RevisionStore } from '../storage/revision-store';

/** More names in one line of a log help nobody. */
const NAMES_IN_LOG = 20;

/**
 * Compares snapshots with the rows that they were made of, all of them, and has what differs built anew. Nothing should: a write says
 * what it touched. What does anyway, a row that was changed by hand or a write with a fault, does not stay for longer than this takes to
 * come by. Tokens that have expired go this way too, since no write tells of them.
 */
@Injectable()
export class SnapshotReconciler {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: SnapshotOutbox,
    private readonly sources: RecordSources,
    private readonly records: RecordStore,
    private readonly revisions: RevisionStore,
    private readonly namespaces: RevisionService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async reconcile(): Promise<void> {
    for (const { namespace } of await this.outbox.all()) await this.reconcileOne(namespace);
  }

  /** @returns how many records were not as they should be. */
  async reconcileOne(namespace: string): Promise<number> {
    const { drifted, expired } = await this.dataSource.transaction('REPEATABLE READ', (tx) => this.compare(tx, namespace));
    const names = [...drifted, ...expired];
    if (names.length > 0) await this.dataSource.transaction((tx) => this.namespaces.mend(tx, namespace, names));
    if (expired.length > 0) this.logger.info({ event: 'snapshot.tokens_expired', namespace, count: expired.length });
    if (drifted.length > 0) this.logger.warn({ event: 'snapshot.drift', namespace, count: drifted.length, records: drifted.slice(0, NAMES_IN_LOG).map(nameText) });
    return names.length;
  }

  private async compare(tx: EntityManager, namespace: string): Promise<{ drifted: RecordName[]; expired: RecordName[] }> {
    const newest = await this.revisions.newest(namespace, tx);
    // What was never built is built as a whole.
    if (!newest) return { drifted: [], expired: [] };
    const left = await this.records.allOpenHashes(tx, newest);
    const drifted = new Map<string, RecordName>();
    for await (const page of this.sources.all(tx, namespace)) {
      for (const version of page.map(toVersion)) {
        const name = nameText(version);
        if (!left.get(name)?.equals(version.hash)) drifted.set(name, version);
        left.delete(name);
      }
    }
    for (const name of left.keys()) drifted.set(name, toName(name));
    for (const name of await touchedNames(tx, namespace)) drifted.delete(name);
    const expired = await this.records.expiredTokens(tx, newest, this.clock.now(), [...drifted.values()].filter(({ kind }) => kind === 'token').map(({ id }) => id));
    for (const id of expired) drifted.delete(nameText({ kind: 'token', id }));
    return { drifted: [...drifted.values()].map(({ kind, id }) => ({ kind, id })), expired: expired.map((id) => ({ kind: 'token', id })) };
  }
}

/** What the next build looks at anyway. */
async function touchedNames(tx: EntityManager, namespace: string): Promise<string[]> {
  const rows: RecordName[] = await tx.query('SELECT kind, record_id AS id FROM snapshot_changes WHERE namespace = $1', [namespace]);
  return rows.map(nameText);
}
