import { Injectable } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';
import { findPage, MAX_PAGE_SIZE, pageOf, type Page } from '../../http/pagination';
import type { RequestContext } from '../../http/request-context';
import { gatewayErrors } from './gateway-errors';
import type { GatewayPluginState } from './gateway-report';
import { GatewayStandings } from './gateway-standings';
import type { GatewayStateName } from './gateway-state';
import type { GatewayWithState } from './gateway-with-state';
import type { GatewayQuery } from './gateway.schema';
import { GatewayEntity } from './gateway.entity';

export type PluginStateOnGateway = Omit<GatewayPluginState, 'plugin_id'> & { gateway_id: number; gateway: string; gateway_namespace: string; gateway_state: GatewayStateName };

/** The fleet: gateways that are enrolled and were not removed. */
@Injectable()
export class GatewayService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly standings: GatewayStandings,
  ) {}

  async list(_ctx: RequestContext, { namespace, state, limit, cursor }: GatewayQuery): Promise<Page<GatewayWithState>> {
    const repository = this.dataSource.getRepository(GatewayEntity);
    const where = { removedAt: IsNull(), ...(namespace === undefined ? {} : { namespace }) };
    if (state === undefined) {
      const { items, nextCursor } = await findPage(repository, where, { limit, cursor });
      return { items: await this.standings.of(items), nextCursor };
    }
    // A state is computed and not stored: gateways are looked through until there are enough of it.
    const found: GatewayWithState[] = [];
    for (let next: string | null = cursor ?? null, first = true; (first || next !== null) && found.length <= limit; first = false) {
      const page: Page<GatewayEntity> = await findPage(repository, where, { limit: MAX_PAGE_SIZE, cursor: next ?? undefined });
      found.push(...(await this.standings.of(page.items)).filter((standing) => standing.state === state));
      next = page.nextCursor;
    }
    return pageOf(found, limit, ({ gateway }) => gateway.id);
  }

  async get(_ctx: RequestContext, id: number): Promise<GatewayWithState> {
    const gateway = await this.dataSource.manager.findOneBy(GatewayEntity, { id, removedAt: IsNull() });
    if (!gateway) throw new gatewayErrors.notFound({ id });
    return (await this.standings.of([gateway]))[0]!;
  }

  /** How one plugin fares on every gateway that has it. */
  async pluginStates(pluginId: number): Promise<PluginStateOnGateway[]> {
    const gateways = await this.dataSource.manager.find(GatewayEntity, { where: { removedAt: IsNull() }, order: { id: 'ASC' } });
    const standings = await this.standings.of(gateways);
    return standings.flatMap(({ gateway, state: gatewayStanding }) =>
      gateway.pluginStates
        .filter((plugin) => plugin.plugin_id === pluginId)
        .map(({ plugin_id: _, ...plugin }) => ({ gateway_id: gateway.id, gateway: gateway.name, gateway_namespace: gateway.namespace, gateway_state: gatewayStanding, ...plugin })),
    );
  }
}
