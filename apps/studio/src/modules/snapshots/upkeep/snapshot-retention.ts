import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@sluice/kernel';
import { DataSource } from 'typeorm';
import { StudioConfig } from '../../../config';
import { CLOCK } from '../../../process.module';

/** Of each namespace so many are kept, however old they are. */
const KEPT_REVISIONS = 100;
/** Deleted in one statement, so that none holds locks or grows for long. */
const BATCH = 10_000;

/** Forgets revisions that are older than the operator wants to look back, with the versions of records that were in no other. */
@Injectable()
export class SnapshotRetention {
  constructor(
    private readonly dataSource: DataSource,
    private readonly config: StudioConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async sweep(): Promise<{ revisions: number; versions: number }> {
    const before = new Date(this.clock.now() - this.config.snapshotRetentionMs);
    const revisions = await this.deleteAll(
      `WITH kept AS (SELECT namespace, epoch, min(revision) AS revision
                       FROM (SELECT namespace, epoch, revision, row_number() OVER (PARTITION BY namespace ORDER BY revision DESC) AS position
                               FROM snapshot_revisions WHERE epoch = (SELECT epoch FROM snapshot_epoch)) AS counted
                      WHERE position <= ${KEPT_REVISIONS} GROUP BY namespace, epoch)
       DELETE FROM snapshot_revisions WHERE ctid = ANY(ARRAY(
         SELECT old.ctid FROM snapshot_revisions old LEFT JOIN kept USING (namespace, epoch)
          WHERE old.created_at < $1 AND (kept.revision IS NULL OR old.revision < kept.revision) LIMIT ${BATCH}))`,
      [before],
    );
    const versions = await this.deleteAll(
      `DELETE FROM snapshot_records WHERE ctid = ANY(ARRAY(
         SELECT record.ctid FROM snapshot_records record
           LEFT JOIN (SELECT namespace, epoch, min(revision) AS revision FROM snapshot_revisions GROUP BY namespace, epoch) oldest USING (namespace, epoch)
          WHERE oldest.revision IS NULL OR record.to_revision <= oldest.revision
          LIMIT ${BATCH}))`,
      [],
    );
    return { revisions, versions };
  }

  private async deleteAll(sql: string, parameters: unknown[]): Promise<number> {
    for (let deleted = 0; ; ) {
      const [, count]: [unknown, number] = await this.dataSource.query(sql, parameters);
      deleted += count;
      if (count < BATCH) return deleted;
    }
  }
}
