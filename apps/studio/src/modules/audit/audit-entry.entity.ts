import { Column, CreateDateColumn, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** One write: who did what to what. Rows are only ever added, and outlive what they speak of. */
@Entity('audit_entries')
@Index(['organizationId', 'targetType', 'targetId'])
export class AuditEntryEntity {
  @PrimaryGeneratedColumn('identity', { type: 'integer', generatedIdentity: 'BY DEFAULT' })
  id!: number;

  @Column('integer')
  organizationId!: number;

  @Column('text')
  actorKind!: 'user' | 'system' | 'plugin';

  /** The user's or plugin's id. */
  @Column('integer', { nullable: true })
  actorId!: number | null;

  /** The user's email at that time, or the name of what acted by itself. */
  @Column('text')
  actorName!: string;

  /** `app.create`. */
  @Column('text')
  action!: string;

  @Column('text')
  targetType!: string;

  @Column('text')
  targetId!: string;

  @Column('jsonb')
  changes!: Record<string, unknown>;

  @Column('text')
  requestId!: string;

  @Column('text')
  traceId!: string;

  @Column('text')
  ip!: string;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt!: Date;
}
