import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@sluice/kernel';
import { DataSource } from 'typeorm';
import { storableText } from '../../database/storable-text';
import { CLOCK } from '../../process.module';

/** A payload that is about to be handed to its plugin. */
export interface TakenPayload {
  id: number;
  gatewayId: number;
  gatewayName: string;
  gatewayNamespace: string;
  outboxId: string;
  sequence: string;
  payload: Buffer;
  correlationId: string;
  metadata: Record<string, string>;
  queuedAt: Date;
  receivedAt: Date;
  /** This one included. */
  attempts: number;
  refusals: number;
}

/** The rows of payloads as a queue for each plugin, oldest first. Whoever takes from it sees to it that nobody else does. */
@Injectable()
export class EdgePayloadQueue {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Plugins for which something waits. */
  async waiting(): Promise<number[]> {
    const rows: { id: number }[] = await this.dataSource.query(`SELECT id FROM plugins WHERE EXISTS (SELECT 1 FROM edge_payloads WHERE plugin_id = plugins.id AND state = 'pending') ORDER BY id`);
    return rows.map(({ id }) => id);
  }

  /** The oldest, counted as attempted before anybody sees them; none while the first of them is to be left alone. */
  async take(pluginId: number, limit: number): Promise<TakenPayload[]> {
    const rows: TakenPayload[] = await this.dataSource.query(
      `WITH head AS (SELECT id, not_before FROM edge_payloads WHERE plugin_id = $1 AND state = 'pending' ORDER BY id LIMIT $2),
            taken AS (UPDATE edge_payloads SET attempts = attempts + 1
                       WHERE id IN (SELECT id FROM head) AND NOT EXISTS (SELECT 1 FROM head WHERE id = (SELECT min(id) FROM head) AND not_before > $3) RETURNING *)
       SELECT id, gateway_id AS "gatewayId", gateway_name AS "gatewayName", gateway_namespace AS "gatewayNamespace", outbox_id AS "outboxId", sequence, payload,
              correlation_id AS "correlationId", metadata, queued_at AS "queuedAt", created_at AS "receivedAt", attempts, refusals FROM taken ORDER BY taken.id`,
      [pluginId, limit, new Date(this.clock.now())],
    );
    return rows.map((row) => ({ ...row, id: Number(row.id) }));
  }

  /** The plugin has them. */
  async remove(ids: readonly number[]): Promise<void> {
    if (ids.length > 0) await this.dataSource.query('DELETE FROM edge_payloads WHERE id = ANY($1)', [ids]);
  }

  /** They were not handed over after all. */
  async putBack(ids: readonly number[]): Promise<void> {
    if (ids.length > 0) await this.dataSource.query('UPDATE edge_payloads SET attempts = attempts - 1 WHERE id = ANY($1)', [ids]);
  }

  /** The plugin did not take it. `retryInMs` null: nobody tries again by himself. */
  async refuse(id: number, reason: string, retryInMs: number | null): Promise<void> {
    const notBefore = retryInMs === null ? null : new Date(this.clock.now() + retryInMs);
    await this.dataSource.query('UPDATE edge_payloads SET refusals = refusals + 1, reason = $2, state = $3, not_before = $4, dead_at = $5 WHERE id = $1', [
      id,
      storableText(reason, 2_000),
      retryInMs === null ? 'dead' : 'pending',
      notBefore,
      retryInMs === null ? new Date(this.clock.now()) : null,
    ]);
  }
}
