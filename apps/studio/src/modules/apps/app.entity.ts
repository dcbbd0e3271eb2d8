import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryGeneratedColumn, UpdateDateColumn, VersionColumn } from 'typeorm';

/** Who calls. */
@Entity('apps')
export class AppEntity {
  @PrimaryGeneratedColumn('identity', { type: 'integer', generatedIdentity: 'BY DEFAULT' })
  id!: number;

  @Index()
  @Column('integer')
  @ForeignKey('organizations')
  organizationId!: number;

  @Index()
  @Column('integer')
  @ForeignKey('users')
  ownerId!: number;

  @Column('text')
  name!: string;

  @Column('text', { default: '' })
  description!: string;

  @Column('boolean', { default: true })
  isActive!: boolean;

  /** null: no limit. */
  @Column('double precision', { nullable: true })
  monthlyBudget!: number | null;

  /** Requests a minute; 0: no limit. */
  @Column('integer', { default: 0 })
  rateLimit!: number;

  @Column('jsonb', { default: {} })
  metadata!: Record<string, string>;

  /** Which gateways know it; `''` for all. */
  @Index()
  @Column('text', { default: '' })
  namespace!: string;

  @VersionColumn({ type: 'integer', default: 1 })
  version!: number;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt!: Date;

  @UpdateDateColumn({ type: 'timestamptz' })
  updatedAt!: Date;
}
