import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../database/unit-of-work';
import type { RequestContext } from '../../http/request-context';
import { parseNamespace } from './namespace';
import { RevisionService } from './revision.service';
import { SnapshotBuilder } from './snapshot-builder';
import { snapshotServiceErrors } from './snapshot-errors';
import type { StoredSnapshot } from './stored-snapshot';

/** Snapshots for gateways that ask, published or not: this way works without Redis and without a worker. */
@Injectable()
export class EdgeSnapshotsService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly revisions: RevisionService,
    private readonly builder: SnapshotBuilder,
  ) {}

  /** The newest snapshot. A namespace that nobody has written to yet becomes known, since a gateway of it is here. */
  async current(ctx: RequestContext, name: string): Promise<StoredSnapshot> {
    const namespace = parseNamespace(name);
    if (namespace === undefined) throw new snapshotServiceErrors.badNamespace({ name });
    await this.work.run(ctx, (tx) => this.revisions.ensureNamespace(tx, namespace));
    return this.builder.current(namespace);
  }
}
