import type { EntityManager } from 'typeorm';
import { REVISION_CHANNEL, takeRevisionTurn } from '../revision.service';

/**
 * Makes gateways accept revisions that start over, in the caller's transaction. A database that comes from a backup counts on from
 * revisions that gateways have applied with other content; in another epoch they are not compared.
 */
export async function beginEpoch(tx: EntityManager): Promise<{ epoch: string; namespaces: number }> {
  await takeRevisionTurn(tx);
  const [epochs]: [{ epoch: string }[], number] = await tx.query('UPDATE snapshot_epoch SET epoch = gen_random_uuid() RETURNING epoch');
  const { epoch } = epochs[0]!;
  const [, namespaces]: [unknown, number] = await tx.query('UPDATE snapshot_namespaces SET revision = revision + 1, published_revision = 0, changed_at = now()');
  await tx.query(
    `INSERT INTO audit_entries (organization_id, actor_kind, actor_name, action, target_type, target_id, changes, request_id, trace_id, ip)
     VALUES (1, 'system', 'new-epoch command', 'snapshot.new_epoch', 'snapshot_epoch', $1, '{}', gen_random_uuid(), '', '')`,
    [epoch],
  );
  await tx.query(`SELECT pg_notify('${REVISION_CHANNEL}', '')`);
  return { epoch, namespaces };
}
