import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource, type EntityManager } from 'typeorm';
import { storableText } from '../../database/storable-text';
import { systemContext } from '../../http/request-context';
import { LOGGER } from '../../process.module';
import { AuditService } from '../audit';

/** Calls of the Service API that a plugin was refused, as its host tells of them: at most once a minute for each plugin and method. */
export interface RefusedCallReport {
  pluginId: number;
  /** Full path. */
  method: string;
  /** scope, rate or size. */
  reason: string;
  /** The sentence that the plugin was told. */
  message: string;
  /** How many more there were since the report before. */
  repeated: number;
}

const MAX_TEXT_LENGTH = 1_000;

/** Writes refused calls into the audit log of the organization that the plugin belongs to. */
@Injectable()
export class RefusedCallAudit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Of a plugin of this studio. Never rejects: a database that is away costs the row, and the plugin was refused all the same. */
  async recordOwn(report: RefusedCallReport): Promise<void> {
    try {
      await this.record([report], null);
    } catch (error) {
      this.logger.warn({ event: 'service_api.refusal_not_written', plugin_id: report.pluginId, err: error });
    }
  }

  /** `gateway` null: the plugin runs in this studio. What a gateway says of plugins that it does not run is left out. All are written or none, since they are sent again. */
  async record(reports: readonly RefusedCallReport[], gateway: { name: string; namespace: string } | null): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      for (const report of reports) {
        const rows: { organization_id: number }[] = await tx.query(`SELECT organization_id FROM plugins WHERE id = $1 AND ($2::text IS NULL OR namespace IN ('', $2))`, [
          report.pluginId,
          gateway?.namespace ?? null,
        ]);
        if (rows[0]) await this.write(tx, report, rows[0].organization_id, gateway?.name ?? null);
      }
    });
  }

  private write(tx: EntityManager, { pluginId, method, reason, message, repeated }: RefusedCallReport, organizationId: number, gateway: string | null): Promise<void> {
    const ctx = { ...systemContext('service api'), actor: { kind: 'plugin' as const, pluginId, organizationId } };
    return this.audit.record(tx, ctx, {
      action: 'service_api.refuse',
      targetType: 'plugin',
      targetId: pluginId,
      changes: { method: storable(method), reason: storable(reason), message: storable(message), repeated, gateway },
    });
  }
}

function storable(text: string): string {
  return storableText(text, MAX_TEXT_LENGTH);
}
