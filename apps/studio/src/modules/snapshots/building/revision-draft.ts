import { encodeDelta, newHeader, RecordTree, signHeader, type SignedHeader } from '@sluice/config-snapshot';
import type { KeyObject } from 'node:crypto';
import type { RevisionOf } from '../storage/record-store';
import type { StoredRevision } from '../storage/stored-revision';
import type { RecordChanges } from './record-changes';

/** A longer way is not stored: gateways fetch the whole, which is then not much more. */
const MAX_DELTA_BYTES = 16 * 1_048_576;

type NewRevision = Omit<StoredRevision, 'createdAt'>;

/** A revision in the making: what its records come to, and how it differs from the one before it. */
export class RevisionDraft {
  readonly tree: RecordTree;
  private readonly upserts: string[] = [];
  private readonly deletes: RecordChanges['deleted'] = [];
  private opened = 0;

  /** @param before with the tree of it, which stays as it is; undefined for the first revision of an epoch. */
  constructor(
    private readonly at: RevisionOf,
    private readonly before: { revision: number; tree: RecordTree } | undefined,
  ) {
    this.tree = before ? before.tree.fork() : RecordTree.empty();
  }

  apply({ opened, closed, deleted }: RecordChanges): void {
    for (const { hash } of closed) this.tree.delete(hash);
    for (const { hash } of opened) this.tree.add(hash);
    this.opened += opened.length;
    // Without a revision before it there is no way from it, and nothing to remember the texts for.
    if (!this.before) return;
    for (const { text } of opened) this.upserts.push(text);
    for (const name of deleted) this.deletes.push(name);
  }

  /** The signed revision, and the way to it from the one before; null when there is none, or it is too long. */
  finish(createdAt: Date, signingKey: KeyObject): { revision: NewRevision; delta: Buffer | null } {
    const { namespace, epoch, revision } = this.at;
    const parent = this.before?.revision ?? null;
    const content = { namespace, epoch, revision, parent, root: this.tree.root(), records: this.tree.size };
    const signed = signHeader(newHeader({ ...content, createdAt }), signingKey);
    return { revision: { ...content, upserts: this.opened, deletes: this.deletes.length, signed }, delta: this.delta(signed) };
  }

  private delta(signed: SignedHeader): Buffer | null {
    if (!this.before) return null;
    const delta = encodeDelta({ signed, deletes: this.deletes, upserts: this.upserts });
    return delta.length <= MAX_DELTA_BYTES ? delta : null;
  }
}
