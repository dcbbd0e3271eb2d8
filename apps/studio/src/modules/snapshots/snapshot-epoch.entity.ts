import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** One row. A new epoch makes gateways accept revisions that start over, as they do after a restore from backup. */
@Entity('snapshot_epoch')
@Check('ck_snapshot_epoch_one_row', '"id" = 1')
export class SnapshotEpochEntity {
  @PrimaryColumn({ type: 'smallint', default: 1 })
  id!: number;

  @Column('uuid')
  epoch!: string;
}
