import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';

/** A browser that is logged in. */
@Entity('sessions')
@Unique(['tokenHash'])
export class SessionEntity {
  @PrimaryGeneratedColumn('identity', { type: 'integer', generatedIdentity: 'BY DEFAULT' })
  id!: number;

  @Index()
  @Column('integer')
  @ForeignKey('users', { onDelete: 'CASCADE' })
  userId!: number;

  /** SHA-256 of the cookie's 256 random bits; lower-case hex. */
  @Column('text')
  tokenHash!: string;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt!: Date;

  @Index()
  @Column('timestamptz')
  expiresAt!: Date;
}
