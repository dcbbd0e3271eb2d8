import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@sluice/kernel';
import { DataSource } from 'typeorm';
import { CLOCK } from '../../process.module';
import { SnapshotStore } from '../snapshots';
import { gatewayState } from './gateway-state';
import type { GatewayWithState } from './gateway-with-state';
import type { GatewayEntity } from './gateway.entity';

/** Compares what gateways have applied with what their namespaces stand at. */
@Injectable()
export class GatewayStandings {
  constructor(
    private readonly dataSource: DataSource,
    private readonly snapshots: SnapshotStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async of(gateways: readonly GatewayEntity[]): Promise<GatewayWithState[]> {
    const epoch = await this.snapshots.epoch();
    const namespaces = new Map((await this.snapshots.namespaces()).map((row) => [row.namespace, { revision: Number(row.revision), sinceMs: row.changedAt.getTime() }]));
    const behind = gateways.filter(({ namespace, appliedEpoch, appliedRevision }) => appliedEpoch === epoch && Number(appliedRevision) < (namespaces.get(namespace)?.revision ?? 0));
    const missedSince = await this.missedSince(behind, epoch);
    const nowMs = this.clock.now();
    return gateways.map((gateway) => {
      const current = { epoch, ...(namespaces.get(gateway.namespace) ?? { revision: 0, sinceMs: 0 }) };
      const { appliedEpoch, appliedRevision, lastHeartbeatAt } = gateway;
      const applied = appliedEpoch === null || appliedRevision === null ? null : { epoch: appliedEpoch, revision: Number(appliedRevision) };
      const state = gatewayState({ nowMs, lastHeartbeatMs: lastHeartbeatAt?.getTime() ?? null, applied, current });
      const since = applied && applied.revision < current.revision ? (missedSince.get(gateway.id) ?? current.sinceMs) : nowMs;
      const lagSeconds = applied?.epoch === epoch ? Math.max(0, nowMs - since) / 1_000 : null;
      return { gateway, state, currentRevision: current.revision, lagSeconds };
    });
  }

  /** When the first revision was made that each of these has not applied, by gateway; nothing for what is not built yet. */
  private async missedSince(gateways: readonly GatewayEntity[], epoch: string): Promise<Map<number, number>> {
    if (gateways.length === 0) return new Map();
    const rows: { id: number; since: Date | null }[] = await this.dataSource.query(
      `SELECT behind.id, (SELECT created_at FROM snapshot_revisions revision WHERE revision.namespace = behind.namespace AND revision.epoch = $1 AND revision.revision > behind.applied
         ORDER BY revision.revision LIMIT 1) AS since FROM unnest($2::int[], $3::text[], $4::bigint[]) AS behind (id, namespace, applied)`,
      [epoch, gateways.map(({ id }) => id), gateways.map(({ namespace }) => namespace), gateways.map(({ appliedRevision }) => appliedRevision)],
    );
    return new Map(rows.flatMap(({ id, since }) => (since ? [[id, since.getTime()] as const] : [])));
  }
}
