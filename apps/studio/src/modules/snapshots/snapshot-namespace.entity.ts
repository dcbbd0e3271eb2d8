import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What gateways of one namespace get, and how far it has been published. bigint columns arrive as decimal text. */
@Entity('snapshot_namespaces')
export class SnapshotNamespaceEntity {
  /** `''` is the default namespace, whose records every gateway gets. */
  @PrimaryColumn({ type: 'text' })
  namespace!: string;

  @Column({ type: 'bigint', default: 0 })
  revision!: string;

  @Column({ type: 'bigint', default: 0 })
  publishedRevision!: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  changedAt!: Date;

  @Column({ type: 'timestamptz', nullable: true })
  publishedAt!: Date | null;

  /** When it was last begun to write all of it anew; null: never yet. */
  @Column({ type: 'timestamptz', nullable: true })
  rewrittenAt!: Date | null;
}
