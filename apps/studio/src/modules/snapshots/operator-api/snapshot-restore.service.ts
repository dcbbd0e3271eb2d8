import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../database/unit-of-work';
import type { RequestContext } from '../../../http/request-context';
import { RevisionBuilder } from '../building/revision-builder';
import { SnapshotRestorer } from '../restoring/snapshot-restorer';
import type { RevisionDetails } from './revision-details';
import { SnapshotCatalogService } from './snapshot-catalog.service';

@Injectable()
export class SnapshotRestoreService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly builder: RevisionBuilder,
    private readonly catalog: SnapshotCatalogService,
    private readonly restorer: SnapshotRestorer,
  ) {}

  /** Makes what a snapshot says the present state again, all of it or nothing. @returns the snapshot that comes of it. */
  async restore(ctx: RequestContext, namespace: string, revision: number): Promise<RevisionDetails> {
    const { stored } = await this.catalog.get(ctx, namespace, revision);
    const newest = await this.builder.current(namespace);
    await this.work.run(ctx, (tx) => this.restorer.restore(tx, ctx, stored, newest));
    const restored = await this.builder.current(namespace);
    return this.catalog.get(ctx, namespace, restored.revision);
  }
}
