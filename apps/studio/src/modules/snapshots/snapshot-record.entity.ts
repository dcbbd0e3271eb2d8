import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { JsonObject } from '@sluice/config-snapshot';

/**
 * One version of one record: it is part of the revisions from `fromRevision` up to the one before `toRevision`. So any snapshot, any
 * difference and any chunk is a query, and a change writes the versions that it opens and closes. Only `toRevision` is ever set, once.
 */
@Entity('snapshot_records')
@Index('ux_snapshot_records_open', ['namespace', 'epoch', 'kind', 'id'], { unique: true, where: '"to_revision" IS NULL' })
@Index('ix_snapshot_records_open_prefix', ['namespace', 'epoch', 'prefix'], { where: '"to_revision" IS NULL' })
@Index('ix_snapshot_records_open_refers_to', ['namespace', 'epoch', 'refersTo'], { where: '"to_revision" IS NULL AND "refers_to" IS NOT NULL' })
@Index('ix_snapshot_records_closed', ['namespace', 'epoch', 'toRevision'], { where: '"to_revision" IS NOT NULL' })
@Index(['namespace', 'epoch', 'fromRevision'])
export class SnapshotRecordEntity {
  @PrimaryColumn({ type: 'text' })
  namespace!: string;

  @PrimaryColumn({ type: 'uuid' })
  epoch!: string;

  @PrimaryColumn({ type: 'text' })
  kind!: string;

  @PrimaryColumn({ type: 'text' })
  id!: string;

  @PrimaryColumn({ type: 'bigint' })
  fromRevision!: string;

  /** The first revision without it; null while it is in the newest. */
  @Column({ type: 'bigint', nullable: true })
  toRevision!: string | null;

  /** The first byte of the hash: the chunk that it is in. */
  @Column({ type: 'smallint' })
  prefix!: number;

  @Column({ type: 'bytea' })
  hash!: Buffer;

  /** The canonical text that was hashed. */
  @Column({ type: 'text' })
  text!: string;

  /** The record that has to be there as well: `app 7`. */
  @Column({ type: 'text', nullable: true })
  refersTo!: string | null;

  /** What its noun needs besides the record to be put back to this version; never sent to gateways. */
  @Column({ type: 'jsonb', nullable: true })
  origin!: JsonObject | null;
}
