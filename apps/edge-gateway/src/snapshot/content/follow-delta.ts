import { applyDelta, recordText, type OpenedDelta, type SnapshotRecord } from '@sluice/config-snapshot';
import { TablesDraft } from '../tables/tables-draft';
import type { ContentBase, PreparedContent } from './snapshot-content';

/**
 * Makes a delta's changes beside what is in force, a record at a time. The tree is changed in place, and is as it was when this throws.
 * @throws what `applyDelta` throws; snapshotErrors.danglingReference and duplicateSlug.
 */
export function* followDelta({ tree, tables }: ContentBase, opened: OpenedDelta): Generator<void, PreparedContent> {
  const draft = new TablesDraft(tables);
  const walk = applyDelta(opened, tree, (name) => tables.hashOf(name));
  let step = walk.next();
  for (; !step.done; step = walk.next()) {
    const change = step.value;
    if (change.change === 'delete') draft.remove(change.name);
    else draft.put(change, () => recordText(change.record as SnapshotRecord));
    yield;
  }
  const giveUp = step.value;
  try {
    yield* draft.close();
    return { content: { header: opened.signed.header, signed: opened.signed, tree, tables: draft.finish(tree.size) }, giveUp };
  } catch (error) {
    giveUp();
    throw error;
  }
}
