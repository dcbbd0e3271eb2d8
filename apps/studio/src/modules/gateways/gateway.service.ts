import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@sluice/kernel';
import { DataSource } from 'typeorm';
import { UnitOfWork } from '../../database/unit-of-work';
import { findPage, type Page } from '../../http/pagination';
import type { RequestContext } from '../../http/request-context';
import { CLOCK } from '../../process.module';
import { AuditService } from '../audit';
import { SnapshotStore, type SnapshotNamespaceEntity } from '../snapshots';
import { gatewayErrors } from './gateway-errors';
import type { GatewayPluginState } from './gateway-report';
import { gatewayState, type GatewayStateName } from './gateway-state';
import type { GatewayWithState } from './gateway-with-state';
import type { GatewayQuery } from './gateway.schema';
import { GatewayEntity } from './gateway.entity';

export type PluginStateOnGateway = Omit<GatewayPluginState, 'plugin_id'> & { gateway_id: number; gateway: string; gateway_namespace: string; gateway_state: GatewayStateName };

@Injectable()
export class GatewayService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly work: UnitOfWork,
    private readonly audit: AuditService,
    private readonly snapshots: SnapshotStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list(_ctx: RequestContext, { namespace, ...page }: GatewayQuery): Promise<Page<GatewayWithState>> {
    const { items, nextCursor } = await findPage(this.dataSource.getRepository(GatewayEntity), namespace === undefined ? {} : { namespace }, page);
    return { items: await this.withStates(items), nextCursor };
  }

  async get(_ctx: RequestContext, id: number): Promise<GatewayWithState> {
    const gateway = await this.dataSource.manager.findOneBy(GatewayEntity, { id });
    if (!gateway) throw new gatewayErrors.notFound({ id });
    return (await this.withStates([gateway]))[0]!;
  }

  /** Forgets a gateway. One that is alive enrols again by itself. */
  async delete(ctx: RequestContext, id: number): Promise<void> {
    await this.work.run(ctx, async (tx) => {
      const gateway = await tx.findOneBy(GatewayEntity, { id });
      if (!gateway) throw new gatewayErrors.notFound({ id });
      await tx.delete(GatewayEntity, { id });
      await this.audit.record(tx, ctx, { action: 'gateway.delete', targetType: 'gateway', targetId: id, changes: { name: gateway.name, namespace: gateway.namespace } });
    });
  }

  /** How one plugin fares on every gateway that has it. */
  async pluginStates(pluginId: number): Promise<PluginStateOnGateway[]> {
    const gateways = await this.dataSource.manager.find(GatewayEntity, { order: { id: 'ASC' } });
    const standings = await this.withStates(gateways);
    return standings.flatMap(({ gateway, state: gatewayStanding }) =>
      gateway.pluginStates
        .filter((plugin) => plugin.plugin_id === pluginId)
        .map(({ plugin_id: _, ...plugin }) => ({ gateway_id: gateway.id, gateway: gateway.name, gateway_namespace: gateway.namespace, gateway_state: gatewayStanding, ...plugin })),
    );
  }

  private async withStates(gateways: readonly GatewayEntity[]): Promise<GatewayWithState[]> {
    const epoch = await this.snapshots.epoch();
    const namespaces = new Map((await this.snapshots.namespaces()).map((row) => [row.namespace, row]));
    return gateways.map((gateway) => {
      const row = namespaces.get(gateway.namespace);
      return { gateway, state: this.stateOf(gateway, epoch, row), currentRevision: Number(row?.revision ?? 0) };
    });
  }

  private stateOf(gateway: GatewayEntity, epoch: string, row: SnapshotNamespaceEntity | undefined): GatewayStateName {
    const { appliedEpoch, appliedRevision } = gateway;
    return gatewayState({
      nowMs: this.clock.now(),
      lastHeartbeatMs: gateway.lastHeartbeatAt?.getTime() ?? null,
      applied: appliedEpoch === null || appliedRevision === null ? null : { epoch: appliedEpoch, revision: Number(appliedRevision) },
      current: { epoch, revision: Number(row?.revision ?? 0), sinceMs: row?.changedAt.getTime() ?? 0 },
    });
  }
}
