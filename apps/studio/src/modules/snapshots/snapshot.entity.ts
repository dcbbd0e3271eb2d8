import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A snapshot as it was signed. Rows are written once and never changed. */
@Entity('snapshots')
export class SnapshotEntity {
  @PrimaryColumn({ type: 'text' })
  namespace!: string;

  @PrimaryColumn({ type: 'uuid' })
  epoch!: string;

  @PrimaryColumn({ type: 'bigint' })
  revision!: string;

  @Column({ type: 'bigint', nullable: true })
  parent!: string | null;

  @Column({ type: 'text' })
  root!: string;

  /** The exact bytes that travel. */
  @Column({ type: 'bytea' })
  body!: Buffer;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
