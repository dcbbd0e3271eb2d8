import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';

/** A user's key for programs. It can do what its scopes say and its user may. */
@Entity('api_keys')
@Unique(['hash'])
export class ApiKeyEntity {
  @PrimaryGeneratedColumn('identity', { type: 'integer', generatedIdentity: 'BY DEFAULT' })
  id!: number;

  @Index()
  @Column('integer')
  @ForeignKey('users', { onDelete: 'CASCADE' })
  userId!: number;

  @Column('text')
  name!: string;

  /** SHA-256 of the key; it has enough random bits that a slow hash adds nothing. Lower-case hex. */
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

  /** To the minute. */
  @Column('timestamptz', { nullable: true })
  lastUsedAt!: Date | null;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt!: Date;
}
