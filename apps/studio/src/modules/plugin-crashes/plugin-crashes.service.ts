import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { findPage, type Page } from '../../http/pagination';
import type { RequestContext } from '../../http/request-context';
import { PluginService } from '../plugins';
import type { CrashHost, PluginCrash } from './plugin-crash';
import { PluginCrashEntity } from './plugin-crash.entity';
import type { PluginCrashQuery } from './plugin-crash.schema';

/** Of each plugin on each host. */
const KEPT = 20;

@Injectable()
export class PluginCrashesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly plugins: PluginService,
  ) {}

  /** Newest first, of every host. */
  async list(ctx: RequestContext, pluginId: number, query: PluginCrashQuery): Promise<Page<{ crash: PluginCrashEntity; gateway: string | null }>> {
    await this.plugins.get(ctx, pluginId);
    const { items, nextCursor } = await findPage(this.dataSource.getRepository(PluginCrashEntity), { pluginId }, query, 'newest-first');
    const names = await this.gatewayNames(items);
    return { items: items.map((crash) => ({ crash, gateway: crash.gatewayId === null ? null : (names.get(crash.gatewayId) ?? null) })), nextCursor };
  }

  /** Writes down what a host tells. A card that is known already, or of a plugin that is not or no longer there, is left out. */
  async record(host: CrashHost, crashes: readonly PluginCrash[]): Promise<void> {
    if (crashes.length === 0) return;
    await this.dataSource.transaction(async (tx) => {
      for (const crash of crashes) await insert(tx, host, crash);
      for (const pluginId of new Set(crashes.map((crash) => crash.pluginId))) await trim(tx, host, pluginId);
    });
  }

  private async gatewayNames(crashes: readonly PluginCrashEntity[]): Promise<Map<number, string>> {
    const ids = [...new Set(crashes.flatMap(({ gatewayId }) => gatewayId ?? []))];
    const rows: { id: number; name: string }[] = await this.dataSource.query('SELECT id, name FROM gateways WHERE id = ANY($1)', [ids]);
    return new Map(rows.map(({ id, name }) => [id, name]));
  }
}

async function insert(tx: EntityManager, host: CrashHost, crash: PluginCrash): Promise<void> {
  // The shared lock keeps the plugin there until the row is.
  await tx.query(
    `INSERT INTO plugin_crashes (card_id, plugin_id, gateway_id, generation, digest, happened_at, reason, exit_code, exit_signal, last_request_id, last_log_lines, outcome, restart_in_ms)
     SELECT $1, id, $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb, $12, $13 FROM plugins WHERE id = $2 AND ($14::text IS NULL OR namespace IN ('', $14)) FOR KEY SHARE
     ON CONFLICT (card_id) DO NOTHING`,
    [
      crash.cardId,
      crash.pluginId,
      host.kind === 'gateway' ? host.id : null,
      crash.generation,
      crash.digest,
      crash.happenedAt,
      crash.reason,
      crash.exitCode,
      crash.exitSignal,
      crash.lastRequestId,
      JSON.stringify(crash.lastLogLines),
      crash.outcome,
      crash.restartInMs,
      host.kind === 'gateway' ? host.namespace : null,
    ],
  );
}

async function trim(tx: EntityManager, host: CrashHost, pluginId: number): Promise<void> {
  const gatewayId = host.kind === 'gateway' ? host.id : null;
  await tx.query(
    `DELETE FROM plugin_crashes WHERE plugin_id = $1 AND gateway_id IS NOT DISTINCT FROM $2::integer AND id NOT IN (
       SELECT id FROM plugin_crashes WHERE plugin_id = $1 AND gateway_id IS NOT DISTINCT FROM $2::integer ORDER BY happened_at DESC, id DESC LIMIT ${KEPT})`,
    [pluginId, gatewayId],
  );
}
