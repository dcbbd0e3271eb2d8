import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** A record that a committed write may have changed and that no built revision has looked at yet. */
@Entity('snapshot_changes')
@Index(['namespace', 'id'])
export class SnapshotChangeEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'BY DEFAULT' })
  id!: string;

  @Column('text')
  namespace!: string;

  @Column('text')
  kind!: string;

  @Column('text')
  recordId!: string;
}
