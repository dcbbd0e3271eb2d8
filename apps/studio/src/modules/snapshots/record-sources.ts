import { Injectable } from '@nestjs/common';
import type { SnapshotRecord } from '@sluice/config-snapshot';
import type { EntityManager } from 'typeorm';

/** Knows the records of one noun. The module that owns the noun registers it, so that snapshots know no other module. */
export interface RecordSource {
  /** What gateways of `namespace` shall have, as `tx` sees it: the records of that namespace and those of `''`. */
  records(tx: EntityManager, namespace: string): Promise<SnapshotRecord[]>;
}

@Injectable()
export class RecordSources {
  private readonly sources: RecordSource[] = [];

  add(source: RecordSource): void {
    this.sources.push(source);
  }

  async collect(tx: EntityManager, namespace: string): Promise<SnapshotRecord[]> {
    const records: SnapshotRecord[] = [];
    // One after the other: a transaction is one connection.
    for (const source of this.sources) records.push(...(await source.records(tx, namespace)));
    return records;
  }
}
