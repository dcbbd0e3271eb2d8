import { Injectable } from '@nestjs/common';
import { RecordTree } from '@sluice/config-snapshot';
import type { EntityManager } from 'typeorm';
import { RecordStore } from '../storage/record-store';
import type { StoredRevision } from '../storage/stored-revision';

type Position = Pick<StoredRevision, 'namespace' | 'epoch' | 'revision' | 'root'>;

interface KeptTree {
  epoch: string;
  revision: number;
  tree: RecordTree;
}

/** Namespaces whose trees stay in memory, about 10 MB for each 200,000 records. */
const KEPT_TREES = 32;

/**
 * The trees of the newest snapshots, kept in memory so that a change costs what it changes. What other studios built in between is
 * added from the database; a tree that does not lead to the signed root is made anew from all hashes.
 */
@Injectable()
export class SnapshotTrees {
  private readonly kept = new Map<string, KeptTree>();

  constructor(private readonly records: RecordStore) {}

  /** The tree of a stored snapshot. Fork it to change it. */
  async of(tx: EntityManager, position: Position): Promise<RecordTree> {
    const kept = this.kept.get(position.namespace);
    const tree = (kept && (await this.follow(tx, kept, position))) ?? (await this.load(tx, position));
    if (!kept || kept.epoch !== position.epoch || kept.revision <= position.revision) this.keep(position, tree);
    return tree;
  }

  keep({ namespace, epoch, revision }: Omit<Position, 'root'>, tree: RecordTree): void {
    this.kept.delete(namespace);
    this.kept.set(namespace, { epoch, revision, tree });
    if (this.kept.size > KEPT_TREES) this.kept.delete(this.kept.keys().next().value!);
  }

  private async follow(tx: EntityManager, kept: KeptTree, position: Position): Promise<RecordTree | undefined> {
    if (kept.epoch !== position.epoch || kept.revision > position.revision) return undefined;
    if (kept.revision === position.revision) return kept.tree.root() === position.root ? kept.tree : undefined;
    const tree = kept.tree.fork();
    const { added, removed } = await this.records.hashesBetween(tx, position, kept.revision);
    for (const hash of removed) tree.delete(hash);
    for (const hash of added) tree.add(hash);
    return tree.root() === position.root ? tree : undefined;
  }

  private async load(tx: EntityManager, position: Position): Promise<RecordTree> {
    const tree = RecordTree.empty();
    for (const { prefix, hashes } of await this.records.hashesByPrefix(tx, position)) tree.replace(prefix, hashes);
    if (tree.root() === position.root) return tree;
    throw new Error(`The stored records of revision ${position.revision} of the namespace "${position.namespace}" do not add up to its root. Begin a new epoch.`);
  }
}
