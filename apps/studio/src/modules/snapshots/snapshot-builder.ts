import { Injectable } from '@nestjs/common';
import { buildSnapshot, encodeSnapshot, signSnapshot } from '@sluice/config-snapshot';
import { DataSource } from 'typeorm';
import { StudioConfig } from '../../config';
import { RecordSources } from './record-sources';
import { snapshotServiceErrors } from './snapshot-errors';
import { SnapshotStore } from './snapshot-store';
import type { StoredSnapshot } from './stored-snapshot';

/** Builds and signs the snapshot of what is committed now. */
@Injectable()
export class SnapshotBuilder {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: SnapshotStore,
    private readonly sources: RecordSources,
    private readonly config: StudioConfig,
  ) {}

  /** The snapshot of a namespace's newest revision: the stored one, or a new one. */
  async current(namespace: string): Promise<StoredSnapshot> {
    const row = await this.store.namespace(this.dataSource.manager, namespace);
    if (!row) throw new snapshotServiceErrors.unknownNamespace({ namespace });
    const stored = await this.store.newest(namespace);
    return stored && stored.revision >= Number(row.revision) ? stored : this.build(namespace);
  }

  private async build(namespace: string): Promise<StoredSnapshot> {
    // One view of the database for the revision and the records: what is signed as revision 7 is what was committed as revision 7.
    const { header, records } = await this.dataSource.transaction('REPEATABLE READ', async (tx) => {
      const row = await this.store.namespace(tx, namespace);
      if (!row) throw new snapshotServiceErrors.unknownNamespace({ namespace });
      return buildSnapshot({
        namespace,
        epoch: await this.store.epoch(tx),
        revision: Number(row.revision),
        parent: (await this.store.newest(namespace, tx))?.revision ?? null,
        createdAt: new Date(),
        records: await this.sources.collect(tx, namespace),
      });
    });
    const body = encodeSnapshot(signSnapshot({ header, records }, this.config.snapshotSigningKey));
    return this.store.add({ namespace, epoch: header.epoch, revision: header.revision, root: header.root, body }, header.parent);
  }
}
