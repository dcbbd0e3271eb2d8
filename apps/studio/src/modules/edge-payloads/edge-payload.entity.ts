import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryGeneratedColumn, Unique, VirtualColumn } from 'typeorm';

/** bigint columns arrive as decimal text; these never leave what a number holds exactly. */
const asNumber = { from: Number, to: (value: unknown) => value };

/** What a plugin's half on a gateway sent to its half in the studio. A row is there until it was taken. */
@Entity('edge_payloads')
@Unique(['gatewayId', 'outboxId', 'pluginId', 'sequence'])
@Index(['pluginId', 'state', 'id'])
export class EdgePayloadEntity {
  /** In the order of arrival, which for one plugin of one gateway is the order of its sequence. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'BY DEFAULT' })
  id!: number;

  @Column('integer')
  @ForeignKey('plugins', { onDelete: 'CASCADE' })
  pluginId!: number;

  /** Not a foreign key: what a gateway sent outlives it. */
  @Column('integer')
  gatewayId!: number;

  @Column('text')
  gatewayName!: string;

  @Column('text')
  gatewayNamespace!: string;

  /** A gateway whose disk was emptied counts from 1 again, in another outbox. */
  @Column('text')
  outboxId!: string;

  @Column('bigint', { transformer: asNumber })
  sequence!: number;

  /** Up to a megabyte: not read but by whoever hands it over. */
  @Column('bytea', { select: false })
  payload!: Buffer;

  @VirtualColumn({ type: 'integer', query: (row) => `octet_length(${row}.payload)` })
  sizeBytes!: number;

  @Column('text')
  correlationId!: string;

  @Column('jsonb')
  metadata!: Record<string, string>;

  @Column('timestamptz')
  queuedAt!: Date;

  @Column('text', { default: 'pending' })
  state!: 'pending' | 'dead';

  /** How often it was about to be handed to the plugin. */
  @Column('integer', { default: 0 })
  attempts!: number;

  /** How often the plugin did not take it. */
  @Column('integer', { default: 0 })
  refusals!: number;

  /** Why the plugin did not take it the last time. */
  @Column('text', { default: '' })
  reason!: string;

  @Column('timestamptz', { nullable: true })
  notBefore!: Date | null;

  /** Since when nobody tries any more. */
  @Index()
  @Column('timestamptz', { nullable: true })
  deadAt!: Date | null;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt!: Date;
}
