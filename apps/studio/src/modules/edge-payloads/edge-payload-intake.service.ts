import { Inject, Injectable } from '@nestjs/common';
import type { PayloadBatch, QueuedPayload } from '@sluice/contracts/edge';
import type { Clock } from '@sluice/kernel';
import type { Logger } from 'pino';
import { DataSource, type EntityManager } from 'typeorm';
import { storableText } from '../../database/storable-text';
import { CLOCK, LOGGER } from '../../process.module';
import { EdgePayloadEntity } from './edge-payload.entity';

/** Where a committed payload is announced inside Postgres; the payload of the notification is the plugin's id. */
export const EDGE_PAYLOADS_CHANNEL = 'sluice_edge_payloads';

/** A gateway that proved who it is. */
export interface SendingGateway {
  id: number;
  name: string;
  namespace: string;
}

const LAST_DATE_MS = 8_640_000_000_000_000;

/** Takes what gateways hand over: payloads and how far they were heard are written in one transaction, so that a batch that comes twice is stored once. */
@Injectable()
export class EdgePayloadIntake {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** When this resolves, every payload of the batch is committed, or has been before. Those of plugins that were deleted are dropped. */
  async take(gateway: SendingGateway, batch: PayloadBatch): Promise<void> {
    const lanes = new Map<number, QueuedPayload[]>();
    for (const payload of batch.payloads) lanes.set(payload.pluginId, [...(lanes.get(payload.pluginId) ?? []), payload]);
    await this.dataSource.transaction(async (tx) => {
      // In one order for all, so that two batches cannot wait for each other.
      for (const [pluginId, payloads] of [...lanes].sort(([a], [b]) => a - b)) await this.takeLane(tx, gateway, batch.outboxId, pluginId, payloads);
    });
  }

  private async takeLane(tx: EntityManager, gateway: SendingGateway, outboxId: string, pluginId: number, payloads: readonly QueuedPayload[]): Promise<void> {
    const plugins: { namespace: string }[] = await tx.query('SELECT namespace FROM plugins WHERE id = $1 FOR KEY SHARE', [pluginId]);
    const plugin = plugins[0];
    if (!plugin) {
      this.logger.warn({ event: 'edge_payloads.dropped', plugin_id: pluginId, gateway_id: gateway.id, count: payloads.length }, 'payloads of a plugin that was deleted');
      return;
    }
    const last = await lockCursor(tx, gateway.id, outboxId, pluginId);
    const fresh = payloads.filter(({ sequence }) => sequence > last).sort((a, b) => Number(a.sequence - b.sequence));
    if (fresh.length === 0) return;
    const belongs = plugin.namespace === '' || plugin.namespace === gateway.namespace;
    const fate = belongs ? {} : { state: 'dead' as const, deadAt: new Date(this.clock.now()), reason: `It came from a gateway of the namespace "${gateway.namespace}", and the plugin is in "${plugin.namespace}".` };
    await tx.insert(EdgePayloadEntity, fresh.map((payload) => ({ ...rowOf(gateway, outboxId, payload), ...fate })));
    await tx.query('UPDATE edge_payload_cursors SET last_sequence = $4 WHERE gateway_id = $1 AND outbox_id = $2 AND plugin_id = $3', [gateway.id, outboxId, pluginId, String(fresh.at(-1)!.sequence)]);
    await tx.query(`SELECT pg_notify('${EDGE_PAYLOADS_CHANNEL}', $1)`, [String(pluginId)]);
  }
}

/** Held until the commit: a batch that is sent again while the first is still being written waits, and then finds it. */
async function lockCursor(tx: EntityManager, gatewayId: number, outboxId: string, pluginId: number): Promise<bigint> {
  const key = [gatewayId, outboxId, pluginId];
  await tx.query('INSERT INTO edge_payload_cursors (gateway_id, outbox_id, plugin_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', key);
  const rows: { last_sequence: string }[] = await tx.query('SELECT last_sequence FROM edge_payload_cursors WHERE gateway_id = $1 AND outbox_id = $2 AND plugin_id = $3 FOR UPDATE', key);
  return BigInt(rows[0]!.last_sequence);
}

function rowOf(gateway: SendingGateway, outboxId: string, { pluginId, sequence, payload, correlationId, metadata, queuedAtMs }: QueuedPayload) {
  return {
    pluginId,
    gatewayId: gateway.id,
    gatewayName: gateway.name,
    gatewayNamespace: gateway.namespace,
    outboxId,
    sequence: Number(sequence),
    payload,
    correlationId: storableText(correlationId),
    metadata: Object.fromEntries(Object.entries(metadata).map(([name, value]) => [storableText(name), storableText(value)])),
    queuedAt: new Date(Math.min(Math.max(Number(queuedAtMs), 0), LAST_DATE_MS)),
  };
}
