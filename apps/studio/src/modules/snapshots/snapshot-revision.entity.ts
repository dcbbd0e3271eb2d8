import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One signed revision of a namespace. Rows are written once and never changed; retention deletes them. bigint columns arrive as decimal text. */
@Entity('snapshot_revisions')
export class SnapshotRevisionEntity {
  @PrimaryColumn({ type: 'text' })
  namespace!: string;

  @PrimaryColumn({ type: 'uuid' })
  epoch!: string;

  @PrimaryColumn({ type: 'bigint' })
  revision!: string;

  /** The revision that the delta leads from; null for the first of an epoch. */
  @Column({ type: 'bigint', nullable: true })
  parent!: string | null;

  /** Lower-case hex. */
  @Column({ type: 'text' })
  root!: string;

  /** How many records it has. */
  @Column({ type: 'integer' })
  records!: number;

  /** The canonical text that was signed. */
  @Column({ type: 'text' })
  header!: string;

  @Column({ type: 'text' })
  keyId!: string;

  @Column({ type: 'text' })
  signature!: string;

  /** The exact bytes that lead from the parent to this; null where there is no parent, or the way is longer than the whole. */
  @Column({ type: 'bytea', nullable: true })
  delta!: Buffer | null;

  /** How many records it sets and removes against its parent. */
  @Column({ type: 'integer' })
  upserts!: number;

  @Column({ type: 'integer' })
  deletes!: number;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
