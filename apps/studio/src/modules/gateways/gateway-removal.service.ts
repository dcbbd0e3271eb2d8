import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@sluice/kernel';
import { IsNull, type EntityManager } from 'typeorm';
import { lockRow } from '../../database/lock-row';
import { UnitOfWork } from '../../database/unit-of-work';
import type { RequestContext } from '../../http/request-context';
import { CLOCK } from '../../process.module';
import { AuditService } from '../audit';
import { RevisionService } from '../snapshots';
import { takeEnrolmentTurn } from './gateway-enrolment.service';
import { gatewayErrors } from './gateway-errors';
import { GatewayKeySealing } from './gateway-key-sealing';
import { GatewayEntity } from './gateway.entity';

/** Takes a gateway out for good. */
@Injectable()
export class GatewayRemovalService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly keys: GatewayKeySealing,
    private readonly revisions: RevisionService,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * From the commit on its calls are refused. With the same commit the namespace has another key, which is sealed to the gateways that
   * are left, and every secret is sealed anew: all of it one revision. Its row stays, so that its key is known as that of a removed one.
   */
  async remove(ctx: RequestContext, id: number): Promise<void> {
    await this.work.run(ctx, async (tx) => {
      await takeEnrolmentTurn(tx);
      const gateway = await lockRow(tx, GatewayEntity, { id, removedAt: IsNull() });
      if (!gateway) throw new gatewayErrors.notFound({ id });
      const { name, namespace } = gateway;
      await tx.update(GatewayEntity, { id }, { removedAt: new Date(this.clock.now()), sealedKeys: null, keyVersion: null });
      const left = await this.keys.rotate(tx, namespace);
      await this.audit.record(tx, ctx, { action: 'gateway.delete', targetType: 'gateway', targetId: id, changes: { name, namespace } });
      await this.revisions.ensureNamespace(tx, namespace);
      const keys = [...left, id].map((gatewayId) => ({ kind: 'gateway_key', id: String(gatewayId) }));
      await this.revisions.mend(tx, namespace, [...keys, ...(await sealedRecords(tx, namespace))]);
    });
  }
}

/** The records of the newest snapshot that hold secrets. Those that were touched since are built with the new key anyway. */
function sealedRecords(tx: EntityManager, namespace: string): Promise<{ kind: string; id: string }[]> {
  return tx.query(
    `SELECT kind, id FROM snapshot_records WHERE namespace = $1 AND epoch = (SELECT epoch FROM snapshot_epoch) AND to_revision IS NULL AND kind = 'plugin' AND position('"$sealed"' in text) > 0`,
    [namespace],
  );
}
