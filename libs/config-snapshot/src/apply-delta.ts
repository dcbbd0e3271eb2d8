import { toPointer } from './json-pointer';
import type { DeltaChange, OpenedDelta } from './open-delta';
import type { RecordName } from './record-name';
import type { RecordTree } from './record-tree';
import { snapshotErrors } from './snapshot-errors';

/**
 * Makes a delta's changes to a tree, and hands each one over as it goes, so that a large delta can be made in slices. Only when the
 * walk has come to its end without an error is any of it proved: until then keep it beside what is in force.
 * @param tree the parent's tree. Should this throw, or be given up, it is again as it was.
 * @returns what takes the changes back, for a caller with checks of its own.
 * @param hashOf the hash of a record of the parent, 32 raw bytes; undefined when there is no such record.
 * @throws snapshotErrors.badDelta for a change that the parent's records do not allow, badRoot when all of them do not give the signed
 * root, and what `changes` throws.
 */
export function* applyDelta({ signed, changes }: OpenedDelta, tree: RecordTree, hashOf: (name: RecordName) => Buffer | undefined): Generator<DeltaChange, () => void> {
  const { epoch, revision, root, records } = signed.header;
  const deleted = new Set<string>();
  const steps = new TreeSteps(tree);
  try {
    for (const change of changes()) {
      const name = change.change === 'delete' ? change.name : change.record;
      const before = hashOf(name);
      if (!isPossible(change, before, deleted) || (before && !steps.delete(before)) || (change.change === 'upsert' && !steps.add(change.hash))) {
        throw new snapshotErrors.badDelta({ epoch, revision, path: toPointer(['records', name.kind, name.id]), kind: name.kind, id: name.id });
      }
      if (change.change === 'delete') deleted.add(nameText(name));
      yield change;
    }
    if (tree.size !== records) throw new snapshotErrors.badRoot({ epoch, revision, path: '/header/records' });
    if (tree.root() !== root) throw new snapshotErrors.badRoot({ epoch, revision, path: '/header/root' });
    return steps.keep();
  } finally {
    steps.undo();
  }
}

/** Changes to a tree that are taken back unless they are kept. */
class TreeSteps {
  private made: { hash: Buffer; added: boolean }[] = [];

  constructor(private readonly tree: RecordTree) {}

  add(hash: Buffer): boolean {
    return this.tree.add(hash) && this.made.push({ hash, added: true }) > 0;
  }

  delete(hash: Buffer): boolean {
    return this.tree.delete(hash) && this.made.push({ hash, added: false }) > 0;
  }

  /** `undo` leaves alone what was made until now; what comes back takes it back. */
  keep(): () => void {
    const kept = this.made;
    this.made = [];
    return () => this.takeBack(kept);
  }

  undo(): void {
    this.takeBack(this.made);
    this.made = [];
  }

  private takeBack(made: { hash: Buffer; added: boolean }[]): void {
    for (const { hash, added } of made.reverse()) {
      if (added) this.tree.delete(hash);
      else this.tree.add(hash);
    }
  }
}

// One change has one delta: nothing is deleted that is not there, and nothing written that was there, or is deleted in the same step.
function isPossible(change: DeltaChange, before: Buffer | undefined, deleted: ReadonlySet<string>): boolean {
  if (change.change === 'delete') return before !== undefined;
  return !before?.equals(change.hash) && !(deleted.size > 0 && deleted.has(nameText(change.record)));
}

function nameText({ kind, id }: RecordName): string {
  return `${kind} ${id}`;
}
