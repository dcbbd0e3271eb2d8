import { Injectable } from '@nestjs/common';
import type { JsonObject, RecordKind, SnapshotRecord } from '@sluice/config-snapshot';
import type { EntityManager } from 'typeorm';
import type { RequestContext } from '../../../http/request-context';

/** What is to become of one noun. */
export interface NounToRestore {
  id: number;
  /** How it was; null: gateways did not have it, and it is switched off. */
  version: { record: SnapshotRecord; origin: JsonObject | null } | null;
}

/** Puts the rows of one noun back to how a snapshot has them. The module that owns the noun registers it. */
export interface RecordRestorer {
  readonly kind: RecordKind;
  /** In the caller's transaction, with audit rows, revisions and all that belongs to a write of that noun. */
  restore(tx: EntityManager, ctx: RequestContext, nouns: readonly NounToRestore[]): Promise<void>;
}

@Injectable()
export class RecordRestorers {
  private readonly restorers: RecordRestorer[] = [];

  add(restorer: RecordRestorer): void {
    this.restorers.push(restorer);
  }

  get kinds(): readonly RecordKind[] {
    return this.restorers.map(({ kind }) => kind);
  }

  async restore(tx: EntityManager, ctx: RequestContext, kind: string, nouns: readonly NounToRestore[]): Promise<void> {
    if (nouns.length > 0) await this.restorers.find((restorer) => restorer.kind === kind)?.restore(tx, ctx, nouns);
  }
}
