import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';

/** A credential of an app. The token itself is nowhere. */
@Entity('app_tokens')
@Unique(['hash'])
export class AppTokenEntity {
  @PrimaryGeneratedColumn('identity', { type: 'integer', generatedIdentity: 'BY DEFAULT' })
  id!: number;

  @Index()
  @Column('integer')
  @ForeignKey('apps', { onDelete: 'CASCADE' })
  appId!: number;

  @Column('text')
  name!: string;

  /** The keyed hash that gateways look it up by; lower-case hex. */
  @Column('text')
  hash!: string;

  /** The first characters and the last four, to recognise it by. */
  @Column('text')
  prefix!: string;

  @Column('text')
  lastFour!: string;

  @Column('text', { array: true })
  scopes!: string[];

  @Column('timestamptz', { nullable: true })
  expiresAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  revokedAt!: Date | null;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt!: Date;
}
