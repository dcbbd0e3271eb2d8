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

  /** X25519, raw 32 bytes: what keys are sealed to. null: it has not said since the studio knows of such keys. */
  @Column('bytea', { nullable: true })
  sealingKey!: Buffer | null;

  /** The keys of its namespace as they are sealed to it, and which version they are. */
  @Column('text', { nullable: true })
  sealedKeys!: string | null;

  @Column('integer', { nullable: true })
  keyVersion!: number | null;

  /** When it was taken out. It is still known, as one whose calls are refused. */
  @Column('timestamptz', { nullable: true })
  removedAt!: Date | null;

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

  @Column('bigint', { default: 0 })
  registrationSentAtMs!: string;

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
