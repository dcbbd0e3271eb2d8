import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryGeneratedColumn, Unique, UpdateDateColumn, VersionColumn } from 'typeorm';

@Entity('users')
@Unique(['email'])
export class UserEntity {
  @PrimaryGeneratedColumn('identity', { type: 'integer', generatedIdentity: 'BY DEFAULT' })
  id!: number;

  @Index()
  @Column('integer')
  @ForeignKey('organizations')
  organizationId!: number;

  /** Lower case. */
  @Column('text')
  email!: string;

  @Column('text', { default: '' })
  name!: string;

  /** Argon2id, in its own encoding. */
  @Column('text')
  passwordHash!: string;

  @Column('boolean', { default: false })
  isAdmin!: boolean;

  @Column('boolean', { default: true })
  isActive!: boolean;

  @VersionColumn({ type: 'integer', default: 1 })
  version!: number;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt!: Date;

  @UpdateDateColumn({ type: 'timestamptz' })
  updatedAt!: Date;
}
