import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';

/** Admits gateways to one namespace that the studio does not know yet. */
@Entity('gateway_enrolment_tokens')
@Unique(['hash'])
export class EnrolmentTokenEntity {
  @PrimaryGeneratedColumn('identity', { type: 'integer', generatedIdentity: 'BY DEFAULT' })
  id!: number;

  @Column('text')
  namespace!: string;

  /** SHA-256 of the token; it has enough random bits that a slow hash adds nothing. Lower-case hex. */
  @Column('text')
  hash!: string;

  /** The first characters and the last four, to recognise it by. */
  @Column('text')
  prefix!: string;

  @Column('text')
  lastFour!: string;

  /** How many gateways it admits; null: any number. */
  @Column('integer', { nullable: true })
  maxUses!: number | null;

  @Column('integer', { default: 0 })
  uses!: number;

  @Column('timestamptz', { nullable: true })
  expiresAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  revokedAt!: Date | null;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt!: Date;
}
