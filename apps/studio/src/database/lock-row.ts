import type { EntityManager, EntityTarget, FindOptionsWhere, ObjectLiteral } from 'typeorm';

/** Reads a row and keeps it for this transaction, so that what is checked about it is still true when it is written. */
export function lockRow<E extends ObjectLiteral>(tx: EntityManager, entity: EntityTarget<E>, where: FindOptionsWhere<E>): Promise<E | null> {
  return tx.findOne(entity, { where, lock: { mode: 'pessimistic_write' } });
}
