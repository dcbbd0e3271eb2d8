import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@sluice/kernel';
import { DataSource } from 'typeorm';
import { StudioConfig } from '../../config';
import { systemContext } from '../../http/request-context';
import { CLOCK } from '../../process.module';
import { AuditService } from '../audit';

const BATCH = 1_000;

/** Deletes payloads that have been dead for so long that nobody will have them tried again. */
@Injectable()
export class DeadPayloadExpiry {
  constructor(
    private readonly dataSource: DataSource,
    private readonly config: StudioConfig,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Deletes some, with one audit row for each plugin. @returns how many. */
  sweep(): Promise<number> {
    const before = new Date(this.clock.now() - this.config.deadPayloadsKeptMs);
    return this.dataSource.transaction(async (tx) => {
      const gone: { plugin_id: number; organization_id: number; deleted: number }[] = await tx.query(
        `WITH gone AS (DELETE FROM edge_payloads WHERE id IN (SELECT id FROM edge_payloads WHERE dead_at < $1 ORDER BY id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED) RETURNING plugin_id)
         SELECT plugin_id, organization_id, count(*)::integer AS deleted FROM gone JOIN plugins ON plugins.id = plugin_id GROUP BY plugin_id, organization_id ORDER BY plugin_id`,
        [before],
      );
      for (const { plugin_id: pluginId, organization_id: organizationId, deleted } of gone) {
        const ctx = systemContext('payload expiry', organizationId);
        await this.audit.record(tx, ctx, { action: 'edge_payload.expire', targetType: 'plugin', targetId: pluginId, changes: { deleted, deadBefore: before.toISOString() } });
      }
      return gone.reduce((sum, { deleted }) => sum + deleted, 0);
    });
  }
}
