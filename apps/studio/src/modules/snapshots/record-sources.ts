import { Injectable } from '@nestjs/common';
import type { JsonObject, RecordKind, SnapshotRecord } from '@sluice/config-snapshot';
import type { EntityManager } from 'typeorm';
import type { RecordName } from './record-name';

/** A record with what the studio keeps beside it. */
export interface SourcedRecord {
  record: SnapshotRecord;
  /** The record that has to be there as well. */
  refersTo?: RecordName;
  /** What its noun needs besides the record to be put back to this version. */
  origin?: JsonObject;
}

/** Knows the records of one kind. The module that owns the noun registers it, so that snapshots know no other module. */
export interface RecordSource {
  readonly kind: RecordKind;
  /** What gateways of `namespace` shall have, as `tx` sees it, of these ids: the records of that namespace and those of `''`. */
  some(tx: EntityManager, namespace: string, ids: readonly number[]): Promise<SourcedRecord[]>;
  /** All of them, in pages that are small enough not to hold up the event loop. */
  all(tx: EntityManager, namespace: string): AsyncIterable<SourcedRecord[]>;
}

@Injectable()
export class RecordSources {
  private readonly sources: RecordSource[] = [];

  add(source: RecordSource): void {
    this.sources.push(source);
  }

  /** Those of the named records that gateways of `namespace` shall have. */
  async some(tx: EntityManager, namespace: string, names: readonly { kind: string; id: number | string }[]): Promise<SourcedRecord[]> {
    const records: SourcedRecord[] = [];
    // One after the other: a transaction is one connection.
    for (const source of this.sources) {
      const ids = names.filter(({ kind }) => kind === source.kind).map(({ id }) => Number(id));
      if (ids.length > 0) records.push(...(await source.some(tx, namespace, ids)));
    }
    return records;
  }

  /** All records that gateways of `namespace` shall have, in pages. */
  async *all(tx: EntityManager, namespace: string): AsyncIterable<SourcedRecord[]> {
    for (const source of this.sources) yield* source.all(tx, namespace);
  }
}
