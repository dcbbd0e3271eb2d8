import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';

/** What is left of one plugin process that ended, or did not start, without being asked to. */
@Entity('plugin_crashes')
@Unique(['cardId'])
@Index(['pluginId', 'gatewayId'])
export class PluginCrashEntity {
  @PrimaryGeneratedColumn('identity', { type: 'integer', generatedIdentity: 'BY DEFAULT' })
  id!: number;

  /** Made by the host of the process: a card that arrives again is known by it. */
  @Column('text')
  cardId!: string;

  @Column('integer')
  @ForeignKey('plugins', { onDelete: 'CASCADE' })
  pluginId!: number;

  /** null: it ran in a studio. */
  @Column('integer', { nullable: true })
  @ForeignKey('gateways', { onDelete: 'CASCADE' })
  gatewayId!: number | null;

  @Column('integer')
  generation!: number;

  /** Of what was executed; null where nothing was pinned. */
  @Column('text', { nullable: true })
  digest!: string | null;

  @Column('timestamptz')
  happenedAt!: Date;

  @Column('text')
  reason!: string;

  @Column('integer', { nullable: true })
  exitCode!: number | null;

  @Column('text', { nullable: true })
  exitSignal!: string | null;

  @Column('text', { nullable: true })
  lastRequestId!: string | null;

  @Column('jsonb', { default: [] })
  lastLogLines!: readonly string[];

  /** restarting, crash_loop, kept_old_generation or replaced. */
  @Column('text')
  outcome!: string;

  @Column('integer', { nullable: true })
  restartInMs!: number | null;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt!: Date;
}
