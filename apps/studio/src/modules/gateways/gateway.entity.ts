import { Column, CreateDateColumn, Entity, Index, PrimaryGeneratedColumn, Unique, UpdateDateColumn } from 'typeorm';
import type { GatewayNack, GatewayPluginState } from './gateway-report';

/** A gateway that enrolled, and what it last said of itself. bigint columns arrive as decimal text. */
@Entity('gateways')
@Unique(['publicKey'])
export class GatewayEntity {
  @PrimaryGeneratedColumn('identity', { type: 'integer', generatedIdentity: 'BY DEFAULT' })
  id!: number;

  @Column('text')
  name!: string;

  @Index()
  @Column('text')
  namespace!: string;

  /** Ed25519, raw 32 bytes. It is who the gateway is: the same key is the same gateway. */
  @Column('bytea')
  publicKey!: Buffer;

  @Column('text')
  runningVersion!: string;

  /** The newest snapshot format that it reads. */
  @Column('integer')
  snapshotFormat!: number;

  @Column('timestamptz', { nullable: true })
  lastHeartbeatAt!: Date | null;

  /** By the gateway's clock; a message that is not later than the one before is a replay. */
  @Column('bigint', { default: 0 })
  heartbeatSentAtMs!: string;

  @Column('bigint', { default: 0 })
  acknowledgementSentAtMs!: string;

  @Column('text', { nullable: true })
  appliedEpoch!: string | null;

  @Column('bigint', { nullable: true })
  appliedRevision!: string | null;

  @Column('text', { nullable: true })
  appliedRoot!: string | null;

  @Column('timestamptz', { nullable: true })
  appliedAt!: Date | null;

  /** redis, http or disk. */
  @Column('text', { nullable: true })
  appliedSource!: string | null;

  /** The last snapshot that it refused; null once it applied a later one. */
  @Column('jsonb', { nullable: true })
  lastNack!: GatewayNack | null;

  @Column('jsonb', { default: [] })
  pluginStates!: GatewayPluginState[];

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt!: Date;

  @UpdateDateColumn({ type: 'timestamptz' })
  updatedAt!: Date;
}
